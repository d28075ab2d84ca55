using System.CommandLine;
using System.Text.Json;
using Metrics.Core.Definitions;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi schema</c>: writes the JSON Schemas of the workspace files, for editors that complete and check YAML.</summary>
internal static class SchemaVerb
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Where to write them." };
        var verb = new Command("schema", "Writes a JSON Schema for each kind of workspace file.") { folder };
        verb.SetAction(parsed =>
        {
            using var services = new ServiceCollection().AddDefinition(".").BuildServiceProvider();
            var directory = Directory.CreateDirectory(parsed.GetRequiredValue(folder)).FullName;
            foreach (var (name, shape) in services.GetRequiredService<DefinitionReader>().Shapes)
            {
                var path = Path.Combine(directory, name + ".schema.json");
                File.WriteAllText(path, shape.ToJsonSchema().ToJsonString(Indented) + "\n");
                Console.Out.WriteLine(path);
            }

            return ExitCode.Done;
        });
        return verb;
    }
}

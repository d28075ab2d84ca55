using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Metrics.Core.Workspace;

/// <summary>Reads one YAML document whose root is a mapping.</summary>
public static class YamlFile
{
    /// <summary>
    /// The root mapping of <paramref name="text"/> checked against <paramref name="shape"/>, or null where the text is no YAML
    /// mapping at all; what is wrong is added to <paramref name="faults"/> under the name <paramref name="file"/>.
    /// </summary>
    public static YamlMap? Read(string file, string text, Shape shape, ICollection<Fault> faults)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(text);
            stream.Load(reader);
        }
        catch (YamlException broken)
        {
            faults.Add(new Fault(file, Math.Max(1, (int)broken.Start.Line), $"is not valid YAML: {Reason(broken)}"));
            return null;
        }

        if (stream.Documents is [{ RootNode: YamlMappingNode root }, ..])
            return new YamlMap(file, root, shape, faults);

        faults.Add(new Fault(file, 1, $"must hold a mapping: {shape.Name}"));
        return null;
    }

    private static string Reason(YamlException broken)
    {
        // YamlDotNet puts the position in front of the reason; the fault already carries it.
        var message = broken.InnerException?.Message ?? broken.Message;
        var reason = message.LastIndexOf("): ", StringComparison.Ordinal) is var at and >= 0 ? message[(at + 3)..] : message;
        return reason.Length > 0 ? reason : "check indentation and quotes near this line.";
    }
}

using System.CommandLine;
using System.Globalization;
using Ingestion.Worker.Sample;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi sample</c>: writes the sample company's workspace and data, the same every time for the same end date.</summary>
internal static class SampleVerb
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "An empty folder, or one that holds an earlier sample." };
        var end = new Option<string?>("--end") { Description = "The data end with the last complete week before this date. Default: today." };
        var verb = new Command("sample", "Writes the sample company: three years of a subscription business.") { folder, end };
        verb.SetAction(parsed =>
        {
            var day = DateOption.Read(parsed, end) ?? DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date);
            try
            {
                SampleCompany.Write(parsed.GetRequiredValue(folder), day, new Progress<string>(Console.Error.WriteLine));
            }
            catch (InvalidOperationException occupied)
            {
                Console.Error.WriteLine(occupied.Message);
                return ExitCode.InputAtFault;
            }

            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote the sample company up to {day:yyyy-MM-dd} into {Path.GetFullPath(parsed.GetRequiredValue(folder))}."));
            return ExitCode.Done;
        });
        return verb;
    }
}

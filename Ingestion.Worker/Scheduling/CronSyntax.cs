using Metrics.Core.Connectors;
using Quartz;

namespace Ingestion.Worker.Scheduling;

/// <summary>Schedules as Quartz cron expressions: seconds, minutes, hours, day of month, month, day of week.</summary>
internal sealed class CronSyntax : IScheduleSyntax
{
    public string? FaultOf(string schedule)
    {
        try
        {
            CronExpression.Parse(schedule);
            return null;
        }
        catch (FormatException fault)
        {
            return $"{fault.Message} A Quartz cron expression such as \"0 0 6 * * ?\" (every day at 6:00) is expected.";
        }
    }
}

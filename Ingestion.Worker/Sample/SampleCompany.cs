namespace Ingestion.Worker.Sample;

/// <summary>
/// Writes the workspace of an invented company: three years of business software sold by subscription, told so that a board
/// has something to find (see <see cref="Timeline"/>).
/// </summary>
/// <remarks>The same end date gives the same bytes, whatever the machine, its culture, its time zone and the day it runs on.</remarks>
public static class SampleCompany
{
    /// <summary>
    /// Writes the workspace into <paramref name="folder"/>, which is made if need be. What an earlier run wrote there is replaced.
    /// </summary>
    /// <param name="end">The day the company is looked at: its data ends with the last week that is over when this day begins.</param>
    /// <exception cref="InvalidOperationException">The folder holds something other than a sample workspace.</exception>
    public static void Write(string folder, DateOnly end, IProgress<string>? progress = null)
    {
        var timeline = Timeline.Before(end);
        var output = SampleFolder.Open(folder, progress);

        var book = SubscriptionBook.Simulate(timeline);
        var signups = Signup.Simulate(timeline);
        var trials = Trials.Simulate(timeline, signups, book);
        var months = LedgerMonth.Simulate(timeline, book);

        output.WriteShippedFiles();
        book.Write(output);
        Trials.Write(output, timeline, trials);
        Payments.Write(output, timeline, book);
        Signup.Write(output, signups);
        Activity.Write(output, timeline, signups);
        WebTraffic.Write(output, timeline, trials);
        Leads.Write(output, timeline, months);
        BrandWatch.Write(output, timeline);
        Surveys.Write(output, timeline, book);
        Tickets.Write(output, timeline);
        Opportunities.Write(output, timeline);
        Ledger.Write(output, timeline, book, months);
        Bank.Write(output, timeline, months);
        MarketSize.Write(output, timeline);
        BudgetTargets.Write(output, timeline, book);
        Events.Write(output, timeline);
    }
}

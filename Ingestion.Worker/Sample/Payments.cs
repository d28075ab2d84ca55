namespace Ingestion.Worker.Sample;

/// <summary>
/// Charges that did not simply go through: declined cards with the attempts that followed, and money that was given back. Some of
/// those who leave do not decide to, their card does.
/// </summary>
internal static class Payments
{
    private const double Declined = 0.017;
    private const double DeclinedBeforeLeaving = 0.16;
    private const double PaidAtSecondAttempt = 0.72;
    private const int FirstRetry = 3;
    private const int SecondRetry = 7;
    private const double RefundsPerDay = 0.33;

    public static void Write(SampleFolder folder, Timeline timeline, SubscriptionBook book)
    {
        var dice = new Dice("payments");
        var payments = new List<Payment>();
        var continued = book.All.Select(sold => (sold.Customer, sold.Start)).ToHashSet();

        foreach (var sold in book.All)
        {
            var leaves = sold.End is { } gone && !continued.Contains((sold.Customer, gone));
            if (leaves && dice.Chance(DeclinedBeforeLeaving))
                Decline(sold, sold.End!.Value.AddDays(-SecondRetry - 1), isMadeGood: false);
            else if (!sold.Yearly)
                Charge(sold);
        }

        foreach (var day in timeline.Days())
        {
            for (var i = Math.Max(day == timeline.Last ? 1 : 0, dice.Count(RefundsPerDay * Demand.Growth(timeline, day))); i > 0; i--)
            {
                var sold = book.AnyOn(day, dice);
                payments.Add(new Payment(day, dice.Moment(), sold, -(long)(sold.MonthlyCents * dice.Between(0.15, 0.6)), "refunded"));
            }
        }

        payments.Sort((a, b) => (a.Day, a.Second, a.Sold.Id).CompareTo((b.Day, b.Second, b.Sold.Id)));
        using var csv = folder.Csv("data/payments.csv", ["payment_id", "customer_id", "paid_at", "amount", "currency", "status", "region"]);
        for (var i = 0; i < payments.Count; i++)
        {
            var (day, second, sold, cents, status) = payments[i];
            csv.Row(
                CsvFile.Id("pay-", i + 1), CsvFile.Id("c-", sold.Customer), CsvFile.Instant(day, second), CsvFile.Money(cents), "USD",
                status, sold.Region);
        }

        // The first day of every month of a subscription is a chance for the card to be declined.
        void Charge(Subscription sold)
        {
            var end = sold.End ?? timeline.Last.AddDays(1);
            for (var month = 1; sold.Start.AddMonths(month) is var due && due.AddDays(SecondRetry) < end; month++)
            {
                if (due >= timeline.First && dice.Chance(Declined))
                    Decline(sold, due, isMadeGood: true);
            }
        }

        void Decline(Subscription sold, DateOnly due, bool isMadeGood)
        {
            Attempt(due, "failed");
            var early = isMadeGood && dice.Chance(PaidAtSecondAttempt);
            Attempt(due.AddDays(FirstRetry), early ? "succeeded" : "failed");
            if (!early)
                Attempt(due.AddDays(SecondRetry), isMadeGood ? "succeeded" : "failed");

            void Attempt(DateOnly day, string status)
            {
                if (day >= timeline.First && day >= sold.Start)
                    payments.Add(new Payment(day, dice.Moment(), sold, sold.MonthlyCents * (sold.Yearly ? 12 : 1), status));
            }
        }
    }

    private sealed record Payment(DateOnly Day, int Second, Subscription Sold, long Cents, string Status);
}

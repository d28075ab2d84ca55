using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Tests.Periods;

namespace Metrics.Core.Tests.Models.Revenue;

/// <summary>Any subscriptions, payments and exchange rates, clean or not, in three currencies.</summary>
internal static class SomeRevenue
{
    /// <summary>Any choices of the definition.</summary>
    public static Gen<IReadOnlyDictionary<string, string>> Choices { get; } =
        from seeds in Gen.Choose(0, 11).ListOf(RevenueSwitches.All.Count)
        select (IReadOnlyDictionary<string, string>)RevenueSwitches.All.Zip(seeds)
            .Where(pair => pair.First.Options.Count > 0)
            .ToDictionary(pair => pair.First.Name, pair => pair.First.Options[pair.Second % pair.First.Options.Count].Value);

    private static readonly Gen<IReadOnlyDictionary<string, object>> Subscription =
        from customer in Gen.Elements("anna", "bert", "carl")
        from id in Gen.Elements("", "", "s1", "s2")
        from start in Gen.Choose(0, 80)
        from days in Gen.Choose(0, 90)
        from runsOn in Gen.Elements(false, false, true)
        from amount in Gen.Elements(0, 0.04m, 33.33m, 100, 100)
        from interval in Gen.Elements("month", "month", "year", "2-week")
        from plan in Gen.Elements("Basic", "Pro")
        from currency in Gen.Elements("", "", "EUR", "JPY")
        from more in Gen.Choose(-20, 60).ListOf(6)
        from extra in Gen.Elements("", "", "", "discount", "once", "trial", "trial_end", "delinquent_since", "refunded_at", "canceled_at", "committed_from")
        let first = Some.Day("2026-01-10").AddDays(start)
        select Body(customer, id, first, runsOn ? null : first.AddDays(days), amount, interval, plan, currency, extra, more);

    private static readonly Gen<IReadOnlyDictionary<string, object>> Payment =
        from customer in Gen.Elements("anna", "bert", "carl")
        from day in Gen.Choose(0, 90)
        from status in Gen.Elements("failed", "failed", "succeeded", "refunded", "odd")
        from currency in Gen.Elements("USD", "EUR", "GBP")
        select (IReadOnlyDictionary<string, object>)new Dictionary<string, object>
        {
            ["payment"] = "p", ["customer"] = customer, ["at"] = Day(Some.Day("2026-01-10").AddDays(day)), ["amount"] = 12.5m, ["status"] = status,
            ["currency"] = currency, ["dims"] = new { region = "EU" },
        };

    private static readonly Gen<IReadOnlyDictionary<string, object>> Rate =
        from currency in Gen.Elements("EUR", "JPY")
        from day in Gen.Choose(0, 90)
        from cents in Gen.Choose(50, 150)
        select RateOf(currency, Day(Some.Day("2026-01-05").AddDays(day)), currency == "JPY" ? cents / 10_000m : cents / 100m);

    /// <summary>Rows of everything. Rates are known from before the first subscription on.</summary>
    public static Gen<IReadOnlyList<object>> Bodies { get; } =
        from subscriptions in Subscription.NonEmptyListOf()
        from payments in Payment.ListOf()
        from rates in Rate.ListOf()
        select (IReadOnlyList<object>)
        [
            .. subscriptions.Take(7), .. payments.Take(5), .. rates.Take(6), RateOf("EUR", "2026-01-01", 1.1m), RateOf("JPY", "2026-01-01", 0.0067m),
        ];

    /// <summary>A rate of a currency from a day on.</summary>
    public static IReadOnlyDictionary<string, object> RateOf(string currency, string day, decimal rate) =>
        new Dictionary<string, object> { ["currency"] = currency, ["at"] = day, ["rate"] = rate };

    private static IReadOnlyDictionary<string, object> Body(
        string customer, string id, DateOnly start, DateOnly? end, decimal amount, string interval, string plan, string currency, string extra, IList<int> more)
    {
        var body = new Dictionary<string, object>
        {
            ["customer"] = customer, ["start"] = Day(start), ["amount"] = amount, ["interval"] = interval, ["plan"] = plan, ["region"] = "EU",
        };
        if (end is { } last)
            body["end"] = Day(last);
        if (id.Length > 0)
            body["subscription"] = $"{customer}-{id}";
        if (currency.Length > 0)
            body["currency"] = currency;
        switch (extra)
        {
            case "discount" or "once":
                body["discount"] = 10m;
                body["discount_duration"] = extra == "once" ? "once" : more[0] > 20 ? "repeating" : "forever";
                if (more[0] > 20)
                    body["discount_end"] = Day(start.AddDays(more[1]));
                body["tax"] = 19m;
                break;
            case "trial":
                body["is_trial"] = true;
                break;
            case "canceled_at":
                body["canceled"] = more[0] > 0;
                body["canceled_at"] = Day(start.AddDays(more[1]));
                break;
            case "committed_from":
                body["committed_from"] = Day(start.AddDays(-more[1]));
                break;
            case { Length: > 0 }:
                body[extra] = Day(start.AddDays(more[0]));
                break;
        }

        return body;
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

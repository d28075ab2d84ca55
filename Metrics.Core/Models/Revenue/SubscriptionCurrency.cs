namespace Metrics.Core.Models.Revenue;

/// <summary>Holds all subscriptions to the one currency that is reported in: there is no rate table to convert others.</summary>
internal sealed class SubscriptionCurrency(string reporting)
{
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    public void Note(string? currency) => _seen.Add(currency ?? reporting);

    /// <exception cref="ModelException">There are several currencies, or another than the one that is reported in.</exception>
    public void Check()
    {
        var currencies = _seen.Order(StringComparer.Ordinal).ToArray();
        if (currencies.Length > 1)
            throw new ModelException($"subscriptions are in several currencies ({string.Join(", ", currencies)}), and there is no rate table to convert them. Add a stream of exchange_rate records, or deliver one currency, for example with 'where: {{ currency: {currencies[0]} }}'.");
        if (currencies.Length == 1 && !currencies[0].Equals(reporting, StringComparison.OrdinalIgnoreCase))
            throw new ModelException($"subscriptions are in {currencies[0]}, but the reporting currency is {reporting}. Set 'currency: {currencies[0]}' in calendar.yaml, add a stream of exchange_rate records, or deliver {reporting}.");
    }
}

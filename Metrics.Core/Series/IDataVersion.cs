namespace Metrics.Core.Series;

/// <summary>A number that grows with every change of what boards show, so that a process knows whether what it computed still holds.</summary>
public interface IDataVersion
{
    Task<long> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Says that boards may show something else now. Watermarks and targets say so themselves.</summary>
    Task AdvanceAsync(CancellationToken cancellationToken);
}

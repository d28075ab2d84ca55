using Metrics.Core.Catalog;
using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>What a model works with beside the records.</summary>
/// <param name="Metrics">The metrics of the catalog that name a measure of this model.</param>
/// <param name="CompleteThrough">The first local day that the sources do not cover yet; no point is computed from that day on.</param>
public sealed record ModelContext(ReportingCalendar Calendar, IReadOnlyList<Metric> Metrics, DateOnly CompleteThrough)
{
    /// <summary>What the accounts of ledger entries are.</summary>
    public ChartOfAccounts Accounts { get; init; } = ChartOfAccounts.None;

    /// <summary>What was chosen of the model's switches; one that is not named has its default.</summary>
    public IReadOnlyDictionary<string, string> Choices { get; init; } = new Dictionary<string, string>();
}

/// <summary>All points of one metric at one grain, or those on some days of it.</summary>
public sealed record ModelOutput(string Metric, Grain Grain, IReadOnlyList<SeriesPoints> Series)
{
    /// <summary>The days whose points these are all of; what is stored on other days stays. Null for all days.</summary>
    public Period? Within { get; init; }
}

/// <summary>What a model made of the records.</summary>
/// <param name="DataFrom">The first local day that the records know of; null where there are none.</param>
public sealed record ModelResult(DateOnly? DataFrom, IReadOnlyList<ModelOutput> Outputs)
{
    /// <summary>What is wrong with some of the records.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; init; } = [];
}

/// <summary>The records contradict each other or the workspace, and the model refuses to guess; the message says what to do.</summary>
public sealed class ModelException(string message) : Exception(message);

/// <summary>Turns records into points: pure, the same records in any order give the same points.</summary>
public interface IModel
{
    /// <summary>The part before the point in <c>model: revenue.mrr</c>.</summary>
    string Name { get; }

    /// <summary>The record types it reads.</summary>
    IReadOnlyList<string> RecordTypes { get; }

    /// <summary>The measures it computes; empty for the model that fills metrics without a model.</summary>
    IReadOnlyList<Measure> Measures { get; }

    /// <summary>The definition's choices in words, for the page that explains a metric.</summary>
    IReadOnlyList<string> Policy { get; }

    /// <summary>What the definition leaves to the workspace's <c>policies/*.yaml</c>.</summary>
    IReadOnlyList<Choice> Switches => [];
}

/// <summary>A model that is fed with records, all of them whenever one has changed.</summary>
public interface IRecordModel : IModel
{
    /// <summary>Starts a computation that takes records one by one.</summary>
    IModelRun Start(ModelContext context);
}

/// <summary>One computation of a model: it is fed with records and then asked once.</summary>
public interface IModelRun
{
    void Add(StoredRecord record);

    /// <exception cref="ModelException">The records cannot be computed as they are.</exception>
    ModelResult Finish();
}

namespace Metrics.Core.Models;

/// <summary>Remembers from what each model computed last, so that it runs again only when something it depends on has changed.</summary>
public interface IModelStateStore
{
    /// <summary>The inputs of the last complete run of a model as one text, or null before the first.</summary>
    Task<string?> InputsAsync(string model, CancellationToken cancellationToken);

    /// <summary>Notes the inputs of a run whose points are all stored; what was at fault before is mended.</summary>
    Task SetInputsAsync(string model, string inputs, CancellationToken cancellationToken);

    /// <summary>Notes why a model could not compute. Its inputs stay those of its last complete run.</summary>
    Task SetFaultAsync(string model, string fault, CancellationToken cancellationToken);

    /// <summary>Replaces what is wrong with some of the records that a model computed from; to boards a change of it is one of data.</summary>
    Task SetWarningsAsync(string model, IReadOnlyList<DataWarning> warnings, CancellationToken cancellationToken);

    /// <summary>What is wrong with records, by model and code.</summary>
    Task<IReadOnlyList<DataWarning>> WarningsAsync(CancellationToken cancellationToken);

    /// <summary>The models that could not compute when they ran last, with the reason, by name.</summary>
    Task<IReadOnlyDictionary<string, string>> FaultsAsync(CancellationToken cancellationToken);
}

namespace Metrics.Core.Access;

/// <summary>Keeps the keys that cookies and forms are protected with, for all web processes of one database.</summary>
public interface IProtectionKeys
{
    /// <summary>Every key, as XML, by name.</summary>
    Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a key; one that is there under this name stays.</summary>
    Task AddAsync(string name, string xml, CancellationToken cancellationToken);
}

namespace Benchmarks;

/// <summary>The demo from its first start to a board, and its restart on the data of the first.</summary>
internal static class DemoBenchmarks
{
    public static Task<IReadOnlyList<Measurement>> RunAsync() => Task.FromResult<IReadOnlyList<Measurement>>([]);
}

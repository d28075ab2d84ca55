using Dashboard.Web.Endpoints;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Rendering;

/// <summary>
/// Computes the newest period of every board after data or workspace have changed, before anybody asks: the first look on Monday does not
/// wait, and every process has something to show while the store cannot be reached.
/// </summary>
internal sealed partial class BoardWarming(LiveDefinition live, BoardSnapshots snapshots, TimeProvider clock, ILogger<BoardWarming> log) : BackgroundService
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the thread that starts the host.
        await Task.Run(AssetEndpoints.Pack, stoppingToken);
        using var timer = new PeriodicTimer(LookAgainAfter, clock);
        do
        {
            await LookAsync(stoppingToken);
            var company = live.Current;
            foreach (var board in company.Boards)
            {
                try
                {
                    await snapshots.ReadAsync(board, company.Calendar, company.Catalog, company.Targets, null, stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    // Whoever asks for the board sees what is wrong.
                    LogNotReady(board.Id, fault.Message);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await snapshots.LookAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNotLooked(fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The store could not be looked at: {Reason}")]
    private partial void LogNotLooked(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Board {Board} could not be made ready: {Reason}")]
    private partial void LogNotReady(string board, string reason);
}

using Metrics.Core.Boards;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Boards;

/// <summary>What the parts of a board's page are made of.</summary>
/// <param name="Address">How the board was asked for; every link of the page begins with it.</param>
/// <param name="Steps">The grains that it can be stepped by.</param>
/// <param name="Dimensions">What it can be narrowed to.</param>
public sealed record BoardPage(
    BoardSnapshot Board, BoardAddress Address, IReadOnlyList<Grain> Steps, IReadOnlyList<BoardDimension> Dimensions);

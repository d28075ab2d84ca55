namespace Metrics.Core.Charts;

/// <summary>The mark of a signal: its shape tells the rule, wherever it is drawn.</summary>
public static class SignalMark
{
    /// <summary>The mark around a place, as the data of a path.</summary>
    /// <param name="reach">How far it goes from its center.</param>
    public static string Of(SignalShape shape, bool up, double x, double y, double reach)
    {
        var (left, top, size) = (SvgWriter.Number(x - reach), SvgWriter.Number(y - reach), SvgWriter.Number(2 * reach));
        return shape switch
        {
            SignalShape.Strong when up => $"M{SvgWriter.Number(x)} {top}L{SvgWriter.Number(x + reach)} {SvgWriter.Number(y + reach * 0.8)}H{left}z",
            SignalShape.Strong => $"M{SvgWriter.Number(x)} {SvgWriter.Number(y + reach)}L{SvgWriter.Number(x + reach)} {SvgWriter.Number(y - reach * 0.8)}H{left}z",
            SignalShape.Moderate => $"M{SvgWriter.Number(x - reach * 0.85)} {SvgWriter.Number(y - reach * 0.85)}h{SvgWriter.Number(reach * 1.7)}v{SvgWriter.Number(reach * 1.7)}h-{SvgWriter.Number(reach * 1.7)}z",
            SignalShape.Weak => $"M{left} {SvgWriter.Number(y)}a{SvgWriter.Number(reach)} {SvgWriter.Number(reach)} 0 1 0 {size} 0a{SvgWriter.Number(reach)} {SvgWriter.Number(reach)} 0 1 0 -{size} 0z",
            _ => $"M{SvgWriter.Number(x)} {top}L{SvgWriter.Number(x + reach)} {SvgWriter.Number(y)}L{SvgWriter.Number(x)} {SvgWriter.Number(y + reach)}L{left} {SvgWriter.Number(y)}z",
        };
    }

    /// <summary>The mark by itself, for keys and tables; hidden from screen readers because words stand beside it.</summary>
    public static string Draw(SignalShape shape, bool up, string look) => new SvgWriter()
        .Open("svg", ("class", "signal-mark"), ("viewBox", "0 0 14 14"), ("aria-hidden", "true"), ("focusable", "false"))
        .Empty("path", ("class", $"signal {look}"), ("d", Of(shape, up, 7, 7, 6)))
        .Close()
        .ToString();
}

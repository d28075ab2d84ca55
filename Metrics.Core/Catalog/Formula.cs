using Metrics.Core.Periods;

namespace Metrics.Core.Catalog;

/// <summary>
/// Arithmetic over metrics, evaluated in decimal on aggregated period values: <c>+ - * / ( )</c>, numbers, lengths of time such as
/// <c>1d</c>, metric ids, <c>min max abs if</c>, and the functions that look at other periods: <c>previous year_ago rolling to_date
/// average cmgr</c>.
/// </summary>
/// <remarks>
/// Undefined is contagious: an operand without a value, or a division by zero, makes the result undefined (null), never 0. Of an
/// <c>if</c> only the condition and the branch that is taken count.
/// </remarks>
public sealed class Formula
{
    private Formula(string text, FormulaNode root)
    {
        (Text, Root) = (text, root);
        Metrics = [.. root.References().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The names that are functions, and therefore no ids of metrics.</summary>
    public static IReadOnlyCollection<string> FunctionNames => FormulaParser.Functions;

    /// <summary>The formula as its author wrote it.</summary>
    public string Text { get; }

    /// <summary>The metrics it reads, each once, in the order of the text.</summary>
    public IReadOnlyList<string> Metrics { get; }

    /// <summary>Whether it reads other periods than the one that is asked for.</summary>
    public bool ReadsOtherPeriods => Root.ReadsOtherPeriods;

    /// <summary>Whether it only adds and subtracts metrics.</summary>
    public bool IsSumOfMetrics => IsSum(Root);

    internal FormulaNode Root { get; }

    /// <summary>The value of a formula that reads no other periods, or null where it is undefined.</summary>
    /// <param name="valueOf">The value of a metric; null where it has none.</param>
    /// <exception cref="InvalidOperationException">It reads other periods.</exception>
    public decimal? Evaluate(Func<string, decimal?> valueOf) => Root.Evaluate(new FormulaScope(null, null, (id, _) => valueOf(id)));

    /// <summary>The value in a period, or null where it is undefined.</summary>
    /// <param name="valueOf">The value of a metric at one of <see cref="Operands"/>; null where it has none.</param>
    public decimal? Evaluate(ReportingCalendar calendar, FormulaPeriod at, Func<string, FormulaPeriod?, decimal?> valueOf) =>
        Root.Evaluate(new FormulaScope(calendar, at, valueOf));

    /// <summary>Every metric at every place where it may be read for a period, each once, in the order of the text.</summary>
    public IReadOnlyList<FormulaOperand> Operands(ReportingCalendar calendar, FormulaPeriod at) =>
        [.. Root.Operands(calendar, at, id => id).DistinctBy(operand => (operand.Metric, operand.At))];

    /// <summary>What the result is in time: that of its operands where it only adds, subtracts and scales them; null for a bare number.</summary>
    public Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Root.AccrualOf(accrualOf);

    private static bool IsSum(FormulaNode node) => node switch
    {
        ReferenceNode => true,
        NegationNode => IsSum(node.Parts[0]),
        OperationNode { Operator: '+' or '-' } => node.Parts.All(IsSum),
        _ => false,
    };

    /// <exception cref="FormatException">The text is no formula; the message says where and what was expected.</exception>
    public static Formula Parse(string text) => new(text, new FormulaParser(text).ParseAll());

    public override string ToString() => Text;

    /// <summary>What the result measures, or null for a bare number, which goes with anything.</summary>
    /// <exception cref="FormatException">It adds or compares what is not alike; the message names both.</exception>
    internal UnitPowers? PowersOf(Func<string, Unit> unitOf) => Root.PowersOf(unitOf);
}

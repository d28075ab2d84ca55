using System.Globalization;
using Metrics.Core.Periods;

namespace Metrics.Core.Catalog;

/// <summary>Where a formula is evaluated, and with which values.</summary>
/// <param name="Calendar">Null, as is <paramref name="At"/>, where no other periods can be read.</param>
internal sealed record FormulaScope(ReportingCalendar? Calendar, FormulaPeriod? At, Func<string, FormulaPeriod?, decimal?> ValueOf);

/// <summary>A part of a formula. Arithmetic whose result is too large to be a decimal is undefined.</summary>
internal abstract record FormulaNode
{
    // Where counting stops: too many, and far from where a product of counts would overflow.
    protected const long ManyReads = 1_000_000_000;

    /// <summary>The parts it is made of, in the order of the text.</summary>
    public virtual IReadOnlyList<FormulaNode> Parts => [];

    public virtual bool ReadsOtherPeriods => Parts.Any(part => part.ReadsOtherPeriods);

    /// <summary>How many values of metrics it reads, so that nested means cannot ask for millions.</summary>
    public virtual long Reads => Math.Min(Parts.Sum(part => part.Reads), ManyReads);

    public virtual IEnumerable<string> References() => Parts.SelectMany(part => part.References());

    /// <summary>The part as a formula of its own.</summary>
    public abstract string Text { get; }

    public abstract decimal? Evaluate(FormulaScope scope);

    /// <param name="written">How a metric in this part is written with what the formula around it does to its period.</param>
    public virtual IEnumerable<FormulaOperand> Operands(ReportingCalendar calendar, FormulaPeriod at, Func<string, string> written) =>
        Parts.SelectMany(part => part.Operands(calendar, at, written));

    public abstract UnitPowers? PowersOf(Func<string, Unit> unitOf);

    public abstract Accrual? AccrualOf(Func<string, Accrual> accrualOf);

    /// <summary>What a choice between numbers is in time: what they all are, or neither.</summary>
    protected static Accrual? Shared(IEnumerable<Accrual?> accruals) =>
        accruals.OfType<Accrual>().Distinct().ToArray() switch { [] => null, [var one] => one, _ => Accrual.Level };
}

/// <summary>A number; with <paramref name="IsTime"/> a length of time in seconds.</summary>
internal sealed record NumberNode(decimal Value, bool IsTime = false) : FormulaNode
{
    public override string Text => Value.ToString(CultureInfo.InvariantCulture) + (IsTime ? "s" : "");

    public override decimal? Evaluate(FormulaScope scope) => Value;

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf) => IsTime ? UnitPowers.Of(Unit.Duration) : null;

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => null;
}

internal sealed record ReferenceNode(string Metric) : FormulaNode
{
    public override string Text => Metric;

    public override long Reads => 1;

    public override IEnumerable<string> References() => [Metric];

    public override decimal? Evaluate(FormulaScope scope) => scope.ValueOf(Metric, scope.At);

    public override IEnumerable<FormulaOperand> Operands(ReportingCalendar calendar, FormulaPeriod at, Func<string, string> written) =>
        [new FormulaOperand(Metric, at, written(Metric))];

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf) => UnitPowers.Of(unitOf(Metric));

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => accrualOf(Metric);
}

internal sealed record NegationNode(FormulaNode Operand) : FormulaNode
{
    public override string Text => $"-({Operand.Text})";

    public override IReadOnlyList<FormulaNode> Parts => [Operand];

    public override decimal? Evaluate(FormulaScope scope) => -Operand.Evaluate(scope);

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf) => Operand.PowersOf(unitOf);

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Operand.AccrualOf(accrualOf);
}

internal sealed record OperationNode(char Operator, FormulaNode Left, FormulaNode Right) : FormulaNode
{
    public override string Text => $"({Left.Text} {Operator} {Right.Text})";

    public override IReadOnlyList<FormulaNode> Parts => [Left, Right];

    public override decimal? Evaluate(FormulaScope scope)
    {
        // Both are looked at even if one is undefined: what is not known of the other still makes the result incomplete.
        var (left, right) = (Left.Evaluate(scope), Right.Evaluate(scope));
        if (left is not { } one || right is not { } other || (Operator == '/' && other == 0))
            return null;

        try
        {
            return Operator switch
            {
                '+' => one + other,
                '-' => one - other,
                '*' => one * other,
                _ => one / other,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf)
    {
        var (left, right) = (Left.PowersOf(unitOf), Right.PowersOf(unitOf));
        return Operator switch
        {
            '*' or '/' when left is null && right is null => null,
            '*' => (left ?? default).Times(right ?? default),
            '/' => (left ?? default).Over(right ?? default),
            _ => UnitPowers.Alike(Operator.ToString(), left, right),
        };
    }

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => (Operator, Left.AccrualOf(accrualOf), Right.AccrualOf(accrualOf)) switch
    {
        (_, null, null) => null,
        ('*', null, { } scaled) => scaled,
        ('*' or '/', { } scaled, null) => scaled,
        ('+' or '-', { } left, { } right) when left == right => left,
        _ => Accrual.Level,
    };
}

/// <summary>A comparison, which stands only as the condition of an <see cref="IfNode"/>.</summary>
internal sealed record ConditionNode(string Operator, FormulaNode Left, FormulaNode Right)
{
    /// <summary>Whether it holds; null where a side is undefined.</summary>
    public bool? Holds(FormulaScope scope)
    {
        var (left, right) = (Left.Evaluate(scope), Right.Evaluate(scope));
        if (left is null || right is null)
            return null;

        return Operator switch
        {
            "<" => left < right,
            "<=" => left <= right,
            ">" => left > right,
            ">=" => left >= right,
            "=" => left == right,
            _ => left != right,
        };
    }
}

internal sealed record IfNode(ConditionNode Condition, FormulaNode Then, FormulaNode Else) : FormulaNode
{
    public override string Text =>
        $"if({Condition.Left.Text} {Condition.Operator} {Condition.Right.Text}, {Then.Text}, {Else.Text})";

    public override IReadOnlyList<FormulaNode> Parts => [Condition.Left, Condition.Right, Then, Else];

    public override decimal? Evaluate(FormulaScope scope) => Condition.Holds(scope) switch
    {
        true => Then.Evaluate(scope),
        false => Else.Evaluate(scope),
        _ => null,
    };

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf)
    {
        UnitPowers.Alike(Condition.Operator, Condition.Left.PowersOf(unitOf), Condition.Right.PowersOf(unitOf));
        return UnitPowers.Alike("if", Then.PowersOf(unitOf), Else.PowersOf(unitOf));
    }

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Shared([Then.AccrualOf(accrualOf), Else.AccrualOf(accrualOf)]);
}

/// <summary><c>min</c> and <c>max</c> of two or more, <c>abs</c> of one.</summary>
internal sealed record PickNode(string Function, IReadOnlyList<FormulaNode> Arguments) : FormulaNode
{
    public override string Text => $"{Function}({string.Join(", ", Arguments.Select(argument => argument.Text))})";

    public override IReadOnlyList<FormulaNode> Parts => Arguments;

    public override decimal? Evaluate(FormulaScope scope)
    {
        decimal?[] values = [.. Arguments.Select(argument => argument.Evaluate(scope))];
        if (values.Contains(null))
            return null;

        return Function switch
        {
            "min" => values.Min(),
            "max" => values.Max(),
            _ => Math.Abs(values[0]!.Value),
        };
    }

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf) =>
        Arguments.Select(argument => argument.PowersOf(unitOf)).Aggregate((left, right) => UnitPowers.Alike(Function, left, right));

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Shared(Arguments.Select(argument => argument.AccrualOf(accrualOf)));
}

/// <summary>A function that reads its argument in other periods: one place, or several whose values it combines.</summary>
internal abstract record PlacesNode(FormulaNode Operand) : FormulaNode
{
    public override IReadOnlyList<FormulaNode> Parts => [Operand];

    public override bool ReadsOtherPeriods => true;

    public override decimal? Evaluate(FormulaScope scope)
    {
        if (scope is not { Calendar: { } calendar, At: { } at })
            throw new InvalidOperationException("The formula reads other periods and is evaluated without a period.");

        decimal?[] values = [.. InReach(calendar, at).Select(place => Operand.Evaluate(scope with { At = place.At }))];
        if (values.Length == 0 || values.Contains(null))
            return null;

        try
        {
            return Combine([.. values.Select(value => value!.Value)]);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public override IEnumerable<FormulaOperand> Operands(ReportingCalendar calendar, FormulaPeriod at, Func<string, string> written) =>
        InReach(calendar, at).SelectMany(place => Operand.Operands(calendar, place.At, id => written(place.Write(id))));

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf) => Operand.PowersOf(unitOf);

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Operand.AccrualOf(accrualOf);

    /// <summary>Where the argument is read, and how a metric there is written.</summary>
    protected abstract IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at);

    protected virtual decimal? Combine(IReadOnlyList<decimal> values) => values[0];

    protected static (FormulaPeriod At, Func<string, string> Write) Back(ReportingCalendar calendar, FormulaPeriod at, int count) => (
        at.Back(calendar, count),
        id => count switch
        {
            0 => id,
            1 => $"previous({id})",
            _ => string.Create(CultureInfo.InvariantCulture, $"previous({id}, {count})"),
        });

    /// <summary>The places; none where one would lie before the first day that there is.</summary>
    private (FormulaPeriod At, Func<string, string> Write)[] InReach(ReportingCalendar calendar, FormulaPeriod at)
    {
        try
        {
            var places = Places(calendar, at).ToArray();
            foreach (var (place, _) in places)
                _ = place.Days(calendar);
            return places;
        }
        catch (ArgumentOutOfRangeException)
        {
            return [];
        }
    }
}

internal sealed record PreviousNode(FormulaNode Operand, int Count) : PlacesNode(Operand)
{
    public override string Text => Count == 1
        ? $"previous({Operand.Text})"
        : string.Create(CultureInfo.InvariantCulture, $"previous({Operand.Text}, {Count})");

    protected override IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at) =>
        [Back(calendar, at, Count)];
}

internal sealed record YearAgoNode(FormulaNode Operand) : PlacesNode(Operand)
{
    public override string Text => $"year_ago({Operand.Text})";

    protected override IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at) =>
        [(at with { YearsAgo = at.YearsAgo + 1 }, id => $"year_ago({id})")];
}

internal sealed record RollingNode(FormulaNode Operand, RollingRun Length) : PlacesNode(Operand)
{
    public override string Text => $"rolling({Operand.Text}, {Length})";

    /// <summary>A sum over a run of its own length means the same for every period; where something stands is a stock as before.</summary>
    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) =>
        Operand.AccrualOf(accrualOf) is Accrual.Flow ? Accrual.Level : Operand.AccrualOf(accrualOf);

    protected override IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at) =>
        [(at with { Run = Length }, id => $"rolling({id}, {Length})")];
}

internal sealed record ToDateNode(FormulaNode Operand, Grain Grain) : PlacesNode(Operand)
{
    public override string Text => Grain == Grain.Year ? $"to_date({Operand.Text})" : $"to_date({Operand.Text}, {Grain.Name()})";

    /// <summary>What has come together since a start begins anew with every start, so it is no stock whose path could be followed.</summary>
    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) =>
        Operand.AccrualOf(accrualOf) is Accrual.Flow ? Accrual.Level : Operand.AccrualOf(accrualOf);

    protected override IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at) =>
        [(at with { Run = new ToDateRun(Grain) }, id => Grain == Grain.Year ? $"to_date({id})" : $"to_date({id}, {Grain.Name()})")];
}

/// <summary>The mean of the last periods of the grain, the asked one included.</summary>
internal sealed record AverageNode(FormulaNode Operand, int Count) : PlacesNode(Operand)
{
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"average({Operand.Text}, {Count})");

    public override long Reads => Math.Min(Count * Operand.Reads, ManyReads);

    protected override IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at) =>
        Enumerable.Range(0, Count).Select(back => Back(calendar, at, back));

    protected override decimal? Combine(IReadOnlyList<decimal> values) => values.Sum() / values.Count;
}

/// <summary>The compound growth of one period over the last ones: (now / then) ^ (1 / count) - 1, for two values above 0.</summary>
internal sealed record GrowthNode(FormulaNode Operand, int Count) : PlacesNode(Operand)
{
    public override string Text => string.Create(CultureInfo.InvariantCulture, $"cmgr({Operand.Text}, {Count})");

    public override long Reads => Math.Min(2 * Operand.Reads, ManyReads);

    public override UnitPowers? PowersOf(Func<string, Unit> unitOf)
    {
        // What is inside must be alike all the same.
        Operand.PowersOf(unitOf);
        return default(UnitPowers);
    }

    public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Accrual.Level;

    protected override IEnumerable<(FormulaPeriod At, Func<string, string> Write)> Places(ReportingCalendar calendar, FormulaPeriod at) =>
        [Back(calendar, at, 0), Back(calendar, at, Count)];

    protected override decimal? Combine(IReadOnlyList<decimal> values) =>
        values[0] > 0 && values[1] > 0 ? Root(values[0] / values[1], Count) - 1 : null;

    /// <summary>The positive root of a positive number: the one of doubles, which is good to fifteen digits, made exact by Newton's method.</summary>
    private static decimal? Root(decimal power, int count)
    {
        // A quotient that decimals round to nothing has no root worth showing.
        if (power == 0)
            return null;

        var root = (decimal)Math.Pow((double)power, 1.0 / count);
        for (var step = 0; step < 2; step++)
        {
            var product = 1m;
            for (var i = 0; i < count; i++)
                product *= root;
            if (product == 0)
                break;
            root *= 1 + (power / product - 1) / count;
        }

        return root;
    }
}

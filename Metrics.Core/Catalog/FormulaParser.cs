using System.Globalization;
using Metrics.Core.Periods;

namespace Metrics.Core.Catalog;

/// <summary>
/// Recursive descent over <c>sum = product {(+|-) product}; product = factor {(*|/) factor}; factor = number | length | id | call |
/// (sum) | -factor</c>. A condition, <c>sum (&lt;|&lt;=|&gt;|&gt;=|=|!=) sum</c>, stands only in an <c>if</c>.
/// </summary>
internal sealed class FormulaParser(string text)
{
    public static readonly string[] Functions = ["min", "max", "abs", "if", "previous", "year_ago", "rolling", "to_date", "average", "cmgr"];

    // A formula is a line that a person wrote; nesting beyond this is an attack on the stack.
    private const int DeepestNesting = 100;

    // Operators in a row nest to the left, and are evaluated as deep.
    private const int MostOperators = 1_000;

    // Ten years of months; of means in means it is the number of values that counts.
    private const int MostPeriods = 120;
    private const int MostReads = 10_000;

    // In any unit; no length that means something comes near.
    private const decimal LongestTime = 1e15m;

    private int _at;
    private int _depth;
    private int _operators;

    /// <exception cref="FormatException">The text is no formula; the message says where and what was expected.</exception>
    public FormulaNode ParseAll()
    {
        var root = Sum();
        SkipSpaces();
        if (_at < text.Length)
            throw Unexpected("an operator or the end");
        return root.Reads <= MostReads
            ? root
            : throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"reads {root.Reads} values for each period, more than {MostReads}"));
    }

    private FormulaNode Sum()
    {
        var node = Product();
        while (Accept('+', '-') is { } sign)
            node = Join(sign, node, Product());
        return node;
    }

    private FormulaNode Product()
    {
        var node = Factor();
        while (Accept('*', '/') is { } sign)
            node = Join(sign, node, Factor());
        return node;
    }

    private OperationNode Join(char sign, FormulaNode left, FormulaNode right) => ++_operators <= MostOperators
        ? new OperationNode(sign, left, right)
        : throw new FormatException($"has more than {MostOperators} operators");

    private FormulaNode Factor()
    {
        if (++_depth > DeepestNesting)
            throw new FormatException($"is nested more than {DeepestNesting} deep");

        try
        {
            if (Accept('-') is not null)
                return new NegationNode(Factor());

            if (Accept('(') is not null)
            {
                var inner = Sum();
                Expect(')');
                return inner;
            }

            var start = _at;
            if (Word() is not { } word)
                return Number();
            if (Functions.Contains(word))
                return Call(word);
            if (Accept('(') is not null)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                    $"has the unknown function '{word}' at column {start + 1}; there are {string.Join(", ", Functions)}"));
            }

            return new ReferenceNode(word);
        }
        finally
        {
            _depth--;
        }
    }

    private FormulaNode Call(string function)
    {
        Expect('(');
        FormulaNode call = function switch
        {
            "if" => If(),
            "min" or "max" => new PickNode(function, Several()),
            "abs" => new PickNode(function, [Sum()]),
            "previous" => new PreviousNode(Sum(), Accept(',') is null ? 1 : Whole(MostPeriods)),
            "year_ago" => new YearAgoNode(Sum()),
            "rolling" => new RollingNode(WithComma(Sum()), Length()),
            "to_date" => new ToDateNode(Sum(), Accept(',') is null ? Grain.Year : LongGrain()),
            "average" => new AverageNode(WithComma(Sum()), Whole(MostPeriods)),
            _ => new GrowthNode(WithComma(Sum()), Whole(MostPeriods)),
        };
        Expect(')');
        return call;
    }

    private IfNode If()
    {
        var left = Sum();
        var condition = new ConditionNode(Comparison(), left, Sum());
        Expect(',');
        var then = Sum();
        Expect(',');
        return new IfNode(condition, then, Sum());
    }

    private List<FormulaNode> Several()
    {
        var arguments = new List<FormulaNode> { WithComma(Sum()) };
        do
        {
            arguments.Add(++_operators <= MostOperators ? Sum() : throw new FormatException($"has more than {MostOperators} operators"));
        }
        while (Accept(',') is not null);

        return arguments;
    }

    private FormulaNode WithComma(FormulaNode argument)
    {
        Expect(',');
        return argument;
    }

    private string Comparison() => Accept('<', '>', '=', '!') switch
    {
        '=' => "=",
        '!' => _at < text.Length && text[_at] == '=' ? Second("!") : throw Unexpected("'='"),
        { } sign => _at < text.Length && text[_at] == '=' ? Second(sign.ToString()) : sign.ToString(),
        null => throw Unexpected("< <= > >= = or !="),
    };

    private string Second(string first) => first + text[_at++];

    private RollingRun Length()
    {
        const string expected = "a length such as 4w, 28d, 12m, 4q or 1y";
        SkipSpaces();
        var start = _at;
        if (Digits() is not { } count || _at == text.Length || !"dwmqy".Contains(text[_at], StringComparison.Ordinal))
        {
            _at = start;
            throw Unexpected(expected);
        }

        var unit = text[_at++];
        if (count >= 1 && count <= RollingRun.MostOf(unit))
            return new RollingRun(count, unit);
        throw new FormatException(string.Create(CultureInfo.InvariantCulture,
            $"has '{text[start.._at]}' at column {start + 1} where {expected} was expected, up to {RollingRun.MostOf(unit)}{unit}"));
    }

    private Grain LongGrain()
    {
        SkipSpaces();
        var start = _at;
        if (GrainNames.TryParse(Word()) is { } grain and (Grain.Month or Grain.Quarter or Grain.Year))
            return grain;

        _at = start;
        throw Unexpected("month, quarter or year");
    }

    private int Whole(int most)
    {
        SkipSpaces();
        var start = _at;
        if (Digits() is { } count && count >= 1 && count <= most)
            return count;

        _at = start;
        throw Unexpected($"a whole number from 1 to {most}");
    }

    private int? Digits()
    {
        var start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            _at++;
        return int.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private string? Word()
    {
        var start = _at;
        if (_at < text.Length && char.IsAsciiLetterLower(text[_at]))
        {
            while (_at < text.Length && (char.IsAsciiLetterLower(text[_at]) || char.IsAsciiDigit(text[_at]) || text[_at] == '_'))
                _at++;
        }

        return _at > start ? text[start.._at] : null;
    }

    private NumberNode Number()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
            _at++;
        if (!decimal.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            throw Unexpected("a metric id, a number or '('");

        decimal? seconds = _at == text.Length ? null : text[_at] switch { 's' => 1, 'h' => 3_600, 'd' => 86_400, 'w' => 604_800, _ => null };
        if (seconds is null)
            return new NumberNode(value);
        if (value > LongestTime)
            throw Unexpected("a shorter time");

        _at++;
        return new NumberNode(value * seconds.Value, IsTime: true);
    }

    private void Expect(char sign)
    {
        if (Accept(sign) is null)
            throw Unexpected($"'{sign}'");
    }

    private char? Accept(params ReadOnlySpan<char> signs)
    {
        SkipSpaces();
        return _at < text.Length && signs.Contains(text[_at]) ? text[_at++] : null;
    }

    private void SkipSpaces()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private FormatException Unexpected(string expected) =>
        new(string.Create(CultureInfo.InvariantCulture,
            $"has {(_at < text.Length ? $"'{text[_at]}' at column {_at + 1}" : "its end")} where {expected} was expected"));
}

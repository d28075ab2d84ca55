using System.Globalization;

namespace Metrics.Core.Catalog;

/// <summary>
/// Arithmetic over metrics: <c>+ - * / ( )</c>, numbers and metric ids, evaluated on aggregated period values.
/// </summary>
/// <remarks>Undefined is contagious: an operand without a value, or a division by zero, makes the result undefined (null), never 0.</remarks>
public sealed class Formula
{
    private readonly Node _root;

    private Formula(string text, Node root)
    {
        (Text, _root) = (text, root);
        Metrics = [.. root.References().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The formula as its author wrote it.</summary>
    public string Text { get; }

    /// <summary>The metrics it reads, each once, in the order of the text.</summary>
    public IReadOnlyList<string> Metrics { get; }

    /// <summary>The value, or null where it is undefined.</summary>
    /// <param name="valueOf">The value of a metric; null where it has none.</param>
    public decimal? Evaluate(Func<string, decimal?> valueOf) => _root.Evaluate(valueOf);

    /// <summary>
    /// The power of money that the result has (1 for an amount, 0 for a plain number), or null for a bare number,
    /// which goes with anything. A sum of amounts and plain numbers is a <see cref="FormatException"/> that names both.
    /// </summary>
    public int? MoneyPower(Func<string, int> powerOf) => _root.MoneyPower(powerOf);

    /// <summary>What the result is in time: that of its operands where it only adds, subtracts and scales them; null for a bare number.</summary>
    public Accrual? AccrualOf(Func<string, Accrual> accrualOf) => _root.AccrualOf(accrualOf);

    /// <exception cref="FormatException">The text is no formula; the message says where and what was expected.</exception>
    public static Formula Parse(string text)
    {
        var parser = new Parser(text);
        return new Formula(text, parser.ParseAll());
    }

    public override string ToString() => Text;

    private abstract record Node
    {
        public abstract decimal? Evaluate(Func<string, decimal?> valueOf);

        public abstract IEnumerable<string> References();

        public abstract int? MoneyPower(Func<string, int> powerOf);

        public abstract Accrual? AccrualOf(Func<string, Accrual> accrualOf);
    }

    private sealed record Number(decimal Value) : Node
    {
        public override decimal? Evaluate(Func<string, decimal?> valueOf) => Value;

        public override IEnumerable<string> References() => [];

        public override int? MoneyPower(Func<string, int> powerOf) => null;

        public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => null;
    }

    private sealed record Reference(string Metric) : Node
    {
        public override decimal? Evaluate(Func<string, decimal?> valueOf) => valueOf(Metric);

        public override IEnumerable<string> References() => [Metric];

        public override int? MoneyPower(Func<string, int> powerOf) => powerOf(Metric);

        public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => accrualOf(Metric);
    }

    private sealed record Negation(Node Operand) : Node
    {
        public override decimal? Evaluate(Func<string, decimal?> valueOf) => -Operand.Evaluate(valueOf);

        public override IEnumerable<string> References() => Operand.References();

        public override int? MoneyPower(Func<string, int> powerOf) => Operand.MoneyPower(powerOf);

        public override Accrual? AccrualOf(Func<string, Accrual> accrualOf) => Operand.AccrualOf(accrualOf);
    }

    private sealed record Operation(char Operator, Node Left, Node Right) : Node
    {
        public override decimal? Evaluate(Func<string, decimal?> valueOf)
        {
            if (Left.Evaluate(valueOf) is not { } left || Right.Evaluate(valueOf) is not { } right)
                return null;

            try
            {
                return Operator switch
                {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ => right == 0 ? null : left / right,
                };
            }
            catch (OverflowException)
            {
                return null;
            }
        }

        public override IEnumerable<string> References() => Left.References().Concat(Right.References());

        public override int? MoneyPower(Func<string, int> powerOf)
        {
            var (left, right) = (Left.MoneyPower(powerOf), Right.MoneyPower(powerOf));
            return Operator switch
            {
                '*' => left is null && right is null ? null : (left ?? 0) + (right ?? 0),
                '/' => left is null && right is null ? null : (left ?? 0) - (right ?? 0),
                _ when left is null || right is null => left ?? right,
                _ when left == right => left,
                _ => throw new FormatException($"'{Operator}' joins money and a number that is not money"),
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

    /// <summary>Recursive descent over <c>sum = product {(+|-) product}; product = factor {(*|/) factor}; factor = number | id | (sum) | -factor</c>.</summary>
    private sealed class Parser(string text)
    {
        // A formula is a line that a person wrote; nesting beyond this is an attack on the stack.
        private const int DeepestNesting = 100;

        // Operators in a row nest to the left, and are evaluated as deep.
        private const int MostOperators = 1_000;

        private int _at;
        private int _depth;
        private int _operators;

        public Node ParseAll()
        {
            var root = Sum();
            SkipSpaces();
            return _at == text.Length ? root : throw Unexpected("an operator or the end");
        }

        private Node Sum()
        {
            var node = Product();
            while (Accept('+', '-') is { } sign)
                node = Join(sign, node, Product());
            return node;
        }

        private Node Product()
        {
            var node = Factor();
            while (Accept('*', '/') is { } sign)
                node = Join(sign, node, Factor());
            return node;
        }

        private Operation Join(char sign, Node left, Node right) => ++_operators <= MostOperators
            ? new Operation(sign, left, right)
            : throw new FormatException($"has more than {MostOperators} operators");

        private Node Factor()
        {
            if (++_depth > DeepestNesting)
                throw new FormatException($"is nested more than {DeepestNesting} deep");

            try
            {
                if (Accept('-') is not null)
                    return new Negation(Factor());

                if (Accept('(') is not null)
                {
                    var inner = Sum();
                    return Accept(')') is not null ? inner : throw Unexpected("')'");
                }

                var start = _at;
                if (_at < text.Length && char.IsAsciiLetterLower(text[_at]))
                {
                    while (_at < text.Length && (char.IsAsciiLetterLower(text[_at]) || char.IsAsciiDigit(text[_at]) || text[_at] == '_'))
                        _at++;
                    return new Reference(text[start.._at]);
                }

                while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
                    _at++;
                return decimal.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                    ? new Number(value)
                    : throw Unexpected("a metric id, a number or '('");
            }
            finally
            {
                _depth--;
            }
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
}

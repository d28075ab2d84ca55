using Metrics.Core.Catalog;

namespace Metrics.Core.Drivers;

/// <summary>
/// A formula as sums and products down to what it reads. What is neither, such as <c>max(a, b)</c> or <c>previous(a)</c>, is read as a
/// whole. Sums in sums and products in products are one, so that the order in which somebody wrote them makes no difference.
/// </summary>
internal abstract record DriverTree
{
    /// <summary>The texts that are read, each once, in the order of the formula.</summary>
    public IEnumerable<string> Leaves => AllLeaves().Distinct(StringComparer.Ordinal);

    /// <summary>The value; null where a leaf has none, and where something is divided by 0.</summary>
    public abstract decimal? Value(IReadOnlyDictionary<string, decimal?> leaves);

    protected abstract IEnumerable<string> AllLeaves();

    public static DriverTree Of(Formula formula) => Of(formula.Root);

    private static DriverTree Of(FormulaNode node) => node switch
    {
        NumberNode number => new Constant(number.Value),
        NegationNode or OperationNode { Operator: '+' or '-' } => new Total([.. TermsOf(node, 1)]),
        OperationNode => new Product([.. FactorsOf(node, 1)]),
        _ => new Leaf(node.Text),
    };

    private static IEnumerable<(DriverTree Part, int Sign)> TermsOf(FormulaNode node, int sign) => node switch
    {
        NegationNode negation => TermsOf(negation.Operand, -sign),
        OperationNode { Operator: '+' or '-' } sum => TermsOf(sum.Left, sign).Concat(TermsOf(sum.Right, sum.Operator == '+' ? sign : -sign)),
        _ => [(Of(node), sign)],
    };

    private static IEnumerable<(DriverTree Part, int Power)> FactorsOf(FormulaNode node, int power) => node switch
    {
        OperationNode { Operator: '*' or '/' } product =>
            FactorsOf(product.Left, power).Concat(FactorsOf(product.Right, product.Operator == '*' ? power : -power)),
        _ => [(Of(node), power)],
    };

    internal sealed record Constant(decimal Number) : DriverTree
    {
        public override decimal? Value(IReadOnlyDictionary<string, decimal?> leaves) => Number;

        protected override IEnumerable<string> AllLeaves() => [];
    }

    internal sealed record Leaf(string Text) : DriverTree
    {
        public override decimal? Value(IReadOnlyDictionary<string, decimal?> leaves) => leaves[Text];

        protected override IEnumerable<string> AllLeaves() => [Text];
    }

    internal sealed record Total(IReadOnlyList<(DriverTree Part, int Sign)> Terms) : DriverTree
    {
        public override decimal? Value(IReadOnlyDictionary<string, decimal?> leaves) =>
            Terms.Aggregate((decimal?)0, (sum, term) => sum + term.Sign * term.Part.Value(leaves));

        protected override IEnumerable<string> AllLeaves() => Terms.SelectMany(term => term.Part.AllLeaves());
    }

    internal sealed record Product(IReadOnlyList<(DriverTree Part, int Power)> Factors) : DriverTree
    {
        public override decimal? Value(IReadOnlyDictionary<string, decimal?> leaves) =>
            Factors.Aggregate((decimal?)1, (product, factor) => factor.Part.Value(leaves) switch
            {
                null => null,
                0 when factor.Power < 0 => null,
                { } value => factor.Power > 0 ? product * value : product / value,
            });

        protected override IEnumerable<string> AllLeaves() => Factors.SelectMany(factor => factor.Part.AllLeaves());
    }
}

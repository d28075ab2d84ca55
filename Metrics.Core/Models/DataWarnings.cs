using System.Globalization;
using Metrics.Core.Catalog;

namespace Metrics.Core.Models;

/// <summary>What is asked of warnings where they are shown.</summary>
public static class DataWarnings
{
    extension(IEnumerable<DataWarning> warnings)
    {
        /// <summary>Those of a metric's own points or of those that its formula reads: first those of rows that are left out.</summary>
        public IReadOnlyList<DataWarning> About(MetricCatalog catalog, Metric metric)
        {
            var inputs = catalog.StoredInputs(metric).Select(input => input.Id).ToHashSet(StringComparer.Ordinal);
            return [.. warnings.Where(warning => warning.Metrics.Any(inputs.Contains)).OrderBy(warning => !warning.LeftOut)];
        }

        /// <summary>How much is missing: "Incomplete: 3 rows left out".</summary>
        public string Incomplete
        {
            get
            {
                var rows = warnings.Where(warning => warning.LeftOut).Sum(warning => warning.Rows);
                return string.Create(CultureInfo.InvariantCulture, $"Incomplete: {rows:N0} {(rows == 1 ? "row" : "rows")} left out");
            }
        }
    }
}

using System.Globalization;

namespace Metrics.Core.Workspace;

/// <summary>Something in a workspace file that a person has to mend.</summary>
/// <param name="File">The file's path relative to the workspace, with forward slashes.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record Fault(string File, int Line, string Message)
{
    /// <summary><c>file:line: message</c>, the form that editors and terminals make clickable.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: {Message}");
}

using Metrics.Core.Access;

namespace Dashboard.Web.Access;

/// <summary>What a request may be allowed to do. Every page and endpoint names one; one that names none is refused to everybody.</summary>
public static class Policies
{
    /// <summary>Look at boards, metrics and sources, and download figures.</summary>
    public const string View = "view";

    /// <summary>Make the product do something, such as a sync, or promise something, such as a target.</summary>
    public const string Operate = "operate";

    /// <summary>Send values in: takes a token of its own, also from this machine. Which metrics, the token says.</summary>
    public const string Push = "push";

    /// <summary>Read events by program: takes a token of its own.</summary>
    public const string ReadAnnotations = ApiToken.ReadAnnotations;

    /// <summary>Enter, change and delete events by program: takes a token of its own.</summary>
    public const string WriteAnnotations = ApiToken.WriteAnnotations;

    /// <summary>Open to anyone who can reach the port: whether the process is alive.</summary>
    public const string Health = "health";

    /// <summary>The claim that allows a policy, with the policy's name as its value.</summary>
    public const string Claim = "kpi:may";
}

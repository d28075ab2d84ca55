using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>What a test throws where a process would have ended.</summary>
internal sealed class CrashException() : Exception("The process ends here.");

/// <summary>Counts the calls of all stores together, and ends the process before one of them.</summary>
internal sealed class CrashPlan(int before)
{
    private int _calls;

    public bool Crashed { get; private set; }

    public void Call()
    {
        // Who is dead does nothing more.
        if (!Crashed && ++_calls < before)
            return;
        Crashed = true;
        throw new CrashException();
    }

    /// <summary>Puts the plan in front of every store of some kind that is registered.</summary>
    public void Guard<T>(IServiceCollection services)
        where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(inner);
        services.AddSingleton(provider =>
        {
            var store = (T)(inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider,
                inner.ImplementationType!));
            return Crashing<T>.Before(store, this);
        });
    }
}

/// <summary>A store behind a plan that may end the process before any of its calls.</summary>
public class Crashing<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private CrashPlan _plan = null!;

    internal static T Before(T inner, CrashPlan plan)
    {
        var proxy = Create<T, Crashing<T>>();
        (((Crashing<T>)(object)proxy)._inner, ((Crashing<T>)(object)proxy)._plan) = (inner, plan);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _plan.Call();
        return targetMethod!.Invoke(_inner, args);
    }
}

using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Metrics.Core;

/// <summary>Finds implementations, so that adding one is adding its file.</summary>
public static class Discovery
{
    /// <summary>Registers every concrete <typeparamref name="T"/> of an assembly as a singleton, in the order of their names.</summary>
    public static IServiceCollection AddEach<T>(this IServiceCollection services, Assembly assembly)
        where T : class
    {
        foreach (var type in assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(T))).OrderBy(type => type.FullName, StringComparer.Ordinal))
            services.AddSingleton(typeof(T), type);
        return services;
    }
}

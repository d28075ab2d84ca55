using System.Xml.Linq;
using Metrics.Core.Access;
using Metrics.Core.Connectors;
using Metrics.Core.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Dashboard.Web.Access;

internal static class Protection
{
    /// <summary>The cookie that belongs to the tokens of forms.</summary>
    public const string TokenCookie = "kpi-antiforgery";

    /// <summary>The keys of cookies and forms: in the data folder, or in the database where several processes share one.</summary>
    public static IServiceCollection AddProtection(this IServiceCollection services, StorageOptions storage)
    {
        var protection = services.AddDataProtection().SetApplicationName("KPI Dashboard");
        if (!storage.IsShared)
        {
            protection.PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(storage.DataFolder, "keys")));
            return services;
        }

        services.AddOptions<KeyManagementOptions>().Configure<IProtectionKeys>((options, keys) => options.XmlRepository = new SharedKeys(keys));
        services.AddHostedService<FirstKey>();
        return services;
    }

    /// <summary>
    /// Makes the first key before anything else starts, one process after the other: two that each made one would not read each other's
    /// forms until they look for keys again, which is a day later.
    /// </summary>
    private sealed class FirstKey(IDataProtectionProvider protection, IWorkLock locks) : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            await using var turn = await locks.TakeAsync("_keys", cancellationToken);
            protection.CreateProtector(nameof(FirstKey)).Protect([]);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>The framework asks for keys at the start and when one runs out, and asks without awaiting.</summary>
    private sealed class SharedKeys(IProtectionKeys keys) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() =>
            [.. Task.Run(() => keys.AllAsync(CancellationToken.None)).GetAwaiter().GetResult().Select(xml => XElement.Parse(xml))];

        public void StoreElement(XElement element, string friendlyName) =>
            Task.Run(() => keys.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None)).GetAwaiter().GetResult();
    }
}

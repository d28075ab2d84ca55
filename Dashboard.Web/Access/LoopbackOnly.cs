using System.Net;

namespace Dashboard.Web.Access;

/// <summary>The configuration asks the process to listen where other machines can reach it.</summary>
public sealed class ExposedAddressException(string message) : InvalidOperationException(message);

/// <summary>Keeps the process on this machine: without sign-in, whoever can reach it is its administrator.</summary>
internal static class LoopbackOnly
{
    private const string Urls = "urls";
    private static readonly string[] Ports = ["http_ports", "https_ports"];

    /// <summary>Whether the configuration says where to listen.</summary>
    public static bool NamesAddresses(IConfiguration configuration) => AddressesOf(configuration).Any();

    /// <exception cref="ExposedAddressException">An address is not a loopback one; the message names its setting.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var (setting, address) in AddressesOf(configuration).Where(pair => !IsLoopback(pair.Address)))
        {
            throw new ExposedAddressException(
                $"'{setting}' asks to listen on {address}, which other machines could reach, and there is no sign-in yet. "
                + "Use an address of this machine alone, such as http://127.0.0.1:8080.");
        }
    }

    private static IEnumerable<(string Setting, string Address)> AddressesOf(IConfiguration configuration)
    {
        foreach (var address in Split(configuration[Urls]))
            yield return (Urls, address);
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            foreach (var address in Split(endpoint["Url"]))
                yield return ($"{endpoint.Path}:Url", address);
        }

        // Ports alone mean every network interface; they are passed over where addresses are named.
        foreach (var setting in Ports.Where(_ => configuration[Urls] is null))
        {
            foreach (var port in Split(configuration[setting]))
                yield return (setting, $"*:{port}");
        }
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Only what certainly is this machine counts: a name other than localhost may resolve to anything.
    private static bool IsLoopback(string address)
    {
        if (address.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var scheme))
            return false;

        var host = address[(scheme + 3)..].Split('/', 2)[0];
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
            host = host[..colon];
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}

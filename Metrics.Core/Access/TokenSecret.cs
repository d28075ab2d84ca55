using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Metrics.Core.Access;

/// <summary>The secrets of tokens: 256 random bits, of which the store keeps the SHA-256 alone.</summary>
/// <remarks>A fast hash is enough, and right: nobody guesses 256 bits, and every request pays for it.</remarks>
public static class TokenSecret
{
    /// <summary>What every secret begins with, so that people and scanners know one when they see it.</summary>
    private const string Prefix = "kpi_";

    private const int RandomBytes = 32;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is stored in the place of a secret.</summary>
    public static byte[] DigestOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

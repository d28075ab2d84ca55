namespace Metrics.Core.Catalog;

/// <summary>What the product knows about ISO 4217 currencies: how they are written and how fine they are.</summary>
public static class Currencies
{
    /// <summary>What stands before an amount: a symbol for the currencies that have a well-known one, else the code and a space.</summary>
    public static string Prefix(string currency) => currency switch
    {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" or "CNY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        "ILS" => "₪",
        "TRY" => "₺",
        "VND" => "₫",
        "PHP" => "₱",
        "UAH" => "₴",
        "NGN" => "₦",
        "BRL" => "R$",
        "CAD" => "C$",
        "AUD" => "A$",
        "NZD" => "NZ$",
        "HKD" => "HK$",
        "SGD" => "S$",
        "MXN" => "MX$",
        _ => currency + "\u00A0",
    };

    /// <summary>The decimals of a currency's minor unit.</summary>
    public static int MinorDigits(string currency) => currency switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" or "ISK" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        _ => 2,
    };
}

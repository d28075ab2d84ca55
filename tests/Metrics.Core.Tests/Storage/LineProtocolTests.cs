using System.Buffers;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Storage.Influx;
using NUnit.Framework;

namespace Metrics.Core.Tests.Storage;

public sealed class LineProtocolTests
{
    [TestCase("kpi", "plan", "Pro", "kpi,plan=Pro")]
    [TestCase("k p,i", "pl an", "a,b=c d", @"k\ p\,i,pl\ an=a\,b\=c\ d")]
    [TestCase("k=p", "pl=an", "\"quoted\"", "k=p,pl\\=an=\"quoted\"")]
    [TestCase("kpi", "plan", "Zoë 日本 🚀", "kpi,plan=Zoë\\ 日本\\ 🚀")]
    [TestCase("kpi", "plan", " x ", "kpi,plan=\\ x\\ ")]
    [TestCase("kpi", "plan", "#1", "kpi,plan=#1")]
    public void Names_and_values_are_escaped_where_they_stand(string measurement, string key, string value, string line) =>
        Assert.That(Series(measurement, key, value), Is.EqualTo(line));

    [TestCase("", "plan", "x")]
    [TestCase("kpi", "", "x")]
    [TestCase("kpi", "plan", "")]
    [TestCase("#kpi", "plan", "x")]
    [TestCase("kpi", "plan", "a\nb")]
    [TestCase("kpi", "plan", "a\u0000")]
    [TestCase("kpi", "plan", "a\u0085")]
    [TestCase("kpi", "plan", "back\\slash")]
    [TestCase("kpi", "plan", "trailing\\")]
    public void What_would_not_come_back_is_refused(string measurement, string key, string value) =>
        Assert.That(() => Series(measurement, key, value), Throws.ArgumentException);

    [Test]
    public void Half_a_character_is_refused_and_its_replacement_is_not()
    {
        Assert.That(() => Series("kpi", "plan", "a" + (char)0xD800), Throws.ArgumentException);
        Assert.That(Series("kpi", "plan", "\uFFFD"), Is.EqualTo("kpi,plan=\uFFFD"));
    }

    [TestCase(5, "5")]
    [TestCase(-0.0, "-0")]
    [TestCase(0.1 + 0.2, "0.30000000000000004")]
    [TestCase(1e300, "1E+300")]
    [TestCase(123_456_789_012_345_680, "1.2345678901234568E+17")]
    public void A_number_is_written_in_the_shortest_form_that_reads_back(double value, string text)
    {
        var line = new ArrayBufferWriter<byte>();
        LineProtocol.WritePoint(line, "kpi"u8, value, LineProtocol.Text(1_793_534_400.123456), -86_400);

        Assert.That(Encoding.UTF8.GetString(line.WrittenSpan), Is.EqualTo($"kpi value={text},first=1793534400.123456 -86400\n"));
        Assert.That(double.Parse(text, CultureInfo.InvariantCulture), Is.EqualTo(value));
    }

    [Test]
    public void Every_amount_of_cents_is_written_in_the_shortest_form_that_reads_back() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(
            ArbMap.Default.ArbFor<long>().Filter(cents => cents is > -1_100_000_000_000_000 and < 1_100_000_000_000_000), cents =>
            {
                var text = Encoding.UTF8.GetString(LineProtocol.Text(cents / 100.0));
                return double.Parse(text, CultureInfo.InvariantCulture) == cents / 100.0
                    && text == (cents / 100.0).ToString("R", CultureInfo.InvariantCulture);
            }));

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_refused(double value)
    {
        Assert.That(() => LineProtocol.WritePoint(new ArrayBufferWriter<byte>(), "kpi"u8, value, "1"u8, 0), Throws.ArgumentException);
        Assert.That(() => LineProtocol.Text(value), Throws.ArgumentException);
    }

    [TestCase("a\\b", "a%5Cb")]
    [TestCase("line\nbreak", "line%0Abreak")]
    [TestCase("100%", "100%")]
    [TestCase("50%_off", "50%_off")]
    [TestCase("%41", "%2541")]
    [TestCase("%\u0001", "%%01")]
    [TestCase("%4\n", "%4%0A")]
    [TestCase("plain, with = signs", "plain, with = signs")]
    public void Tag_values_keep_what_line_protocol_cannot_carry(string text, string stored)
    {
        Assert.That(TagText.Encode(text), Is.EqualTo(stored));
        Assert.That(TagText.Decode(stored), Is.EqualTo(text));
    }

    [Test]
    public void Every_text_can_be_carried_and_comes_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.Elements('%', '\\', '4', '1', 'A', 'f', '\n', '\u007f', '\u0085', ' ', ',', 'ë').ArrayOf().Where(signs => signs.Length > 0)), signs =>
        {
            var text = new string(signs);
            Series("kpi", "plan", TagText.Encode(text));
            return TagText.Decode(TagText.Encode(text)) == text;
        }));

    private static string Series(string measurement, string key, string value)
    {
        var line = new ArrayBufferWriter<byte>();
        LineProtocol.WriteSeries(line, measurement, [KeyValuePair.Create(key, value)]);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}

using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Push;
using NUnit.Framework;

namespace Metrics.Core.Tests.Push;

public sealed class LineReaderTests
{
    [TestCase("m f=1 7", "m|f=1@7")]
    [TestCase("m f=1", "m|f=1@now", Description = "no timestamp")]
    [TestCase("m f=1 -7", "m|f=1@-7", Description = "before 1970")]
    [TestCase("m,a=b,c=d f=1 7", "m,a=b,c=d|f=1@7")]
    [TestCase("m f=1,g=2.5,h=-3i,i=4u 7", "m|f=1,g=2.5,h=-3,i=4@7")]
    [TestCase("m f=1e3,g=-.5,h=+2,i=1. 7", "m|f=1000,g=-0.5,h=2,i=1@7")]
    [TestCase("m f=18446744073709551615u 7", "m|f=18446744073709552000@7")]
    [TestCase("m a=t,b=T,c=true,d=True,e=TRUE 7", "m|a=1,b=1,c=1,d=1,e=1@7")]
    [TestCase("m a=f,b=F,c=false,d=False,e=FALSE 7", "m|a=0,b=0,c=0,d=0,e=0@7")]
    [TestCase("m f=\"text\" 7", "m|f=text@7")]
    [TestCase("m f=\"a \\\"b\\\" \\\\\",g=1 7", "m|f=text,g=1@7", Description = "quotes and backslashes in a text")]
    [TestCase("m f=\"a,b=c d\" 7", "m|f=text@7", Description = "signs that mean nothing in a text")]
    [TestCase("m f=\"two\nlines\" 7", "m|f=text@7", Description = "a line break in a text")]
    [TestCase("m f=\"\" 7", "m|f=text@7")]
    [TestCase("my\\ name\\,x,a\\=b=c\\ d,e\\,f=g\\=h v\\ 1=1 7", "my name,x,a=b=c d,e,f=g=h|v 1=1@7", Description = "escapes")]
    [TestCase("a\\=b=c f=1 7", "a\\=b=c|f=1@7", Description = "in a measurement = is a sign like others")]
    [TestCase("C:\\Temp,p=D:\\x f=1 7", "C:\\Temp,p=D:\\x|f=1@7", Description = "a backslash that escapes nothing")]
    [TestCase("größe,ort=köln wert=1 7", "größe,ort=köln|wert=1@7")]
    [TestCase("  m   f=1   7  ", "m|f=1@7", Description = "spaces more than needed")]
    public void A_good_line_is_read(string line, string expected) => Assert.That(Read(line), Is.EqualTo(new[] { expected }));

    [TestCase(",a=b f=1", "missing measurement")]
    [TestCase("m", "missing fields")]
    [TestCase("m ", "missing fields")]
    [TestCase("m,a=b", "missing fields")]
    [TestCase("m,=b f=1", "missing tag key")]
    [TestCase("m,a f=1", "missing tag value")]
    [TestCase("m,a= f=1", "missing tag value")]
    [TestCase("m,a=b=c f=1", "invalid tag format: an equals sign in a tag is written \\=")]
    [TestCase("m, f=1", "missing tag key")]
    [TestCase("m f", "missing field value")]
    [TestCase("m f=", "missing field value")]
    [TestCase("m =1", "missing field key")]
    [TestCase("m f=1,", "missing field key")]
    [TestCase("m f=1,,g=2", "missing field key")]
    [TestCase("m f=1x", "invalid number")]
    [TestCase("m f=1.5i", "invalid number")]
    [TestCase("m f=-1u", "invalid number")]
    [TestCase("m f=9223372036854775808i", "invalid number")]
    [TestCase("m f=1e999", "invalid number")]
    [TestCase("m f=-Infinity", "invalid number")]
    [TestCase("m f=NaN", "invalid boolean")]
    [TestCase("m f=tRue", "invalid boolean")]
    [TestCase("m f=\"open", "unbalanced quotes")]
    [TestCase("m f=\"a\"b", "unbalanced quotes")]
    [TestCase("m f=1 noon", "bad timestamp")]
    [TestCase("m f=1 1.5", "bad timestamp")]
    [TestCase("m f=1 1 2", "bad timestamp")]
    [TestCase("m f=1 99999999999999999999", "bad timestamp")]
    [TestCase("m f=1 9223372036854775807", "time outside range: is the precision right?")]
    public void A_bad_line_says_why_and_the_next_one_is_read(string line, string reason)
    {
        Assert.That(Read(line), Is.EqualTo(new[] { $"1: {reason}" }));
        Assert.That(Read($"ok f=1 7\n{line}\nok f=2 8"), Is.EqualTo(new[] { "ok|f=1@7", $"2: {reason}", "ok|f=2@8" }));
    }

    [Test]
    public void Lines_end_as_they_do_on_any_system_and_empty_ones_and_comments_count_only_as_lines() => Assert.That(
        Read("# a comment\r\n\r\nm f=1 7\r\n\n  # another, with \"\nm f=2\n\nm,a=b\n"), Is.EqualTo(new[] { "m|f=1@7", "m|f=2@now", "8: missing fields" }));

    [Test]
    public void Lines_inside_a_text_are_counted() =>
        Assert.That(Read("m f=\"a\nb\nc\" 7\nbad"), Is.EqualTo(new[] { "m|f=text@7", "4: missing fields" }));

    [TestCase("")]
    [TestCase("\n\n")]
    [TestCase("#")]
    public void Nothing_is_no_fault(string body) => Assert.That(Read(body), Is.Empty);

    [TestCase("n", 1)]
    [TestCase("ns", 1)]
    [TestCase("u", 1_000)]
    [TestCase("us", 1_000)]
    [TestCase("µ", 1_000)]
    [TestCase("ms", 1_000_000)]
    [TestCase("s", 1_000_000_000)]
    [TestCase("m", 60_000_000_000)]
    [TestCase("h", 3_600_000_000_000)]
    public void A_timestamp_counts_what_the_sender_says(string precision, long nanos) =>
        Assert.That(Read("m f=1 2", TimestampUnits.TryParse(precision)!.Value), Is.EqualTo(new[] { $"m|f=1@{2 * nanos}" }));

    [TestCase("")]
    [TestCase("d")]
    [TestCase("NS")]
    public void Other_precisions_are_none(string precision) => Assert.That(TimestampUnits.TryParse(precision), Is.Null);

    [Test]
    public void What_is_written_is_read_again()
    {
        var name = Gen.Elements("a", "B9", "ü", "x y", "x,y", "x=y", "\"q\"", "back\\slash", "#1", "日本").ToArbitrary().Generator;
        var values = Gen.Choose(-1_000_000, 1_000_000).Select(number => number / 64.0);
        var lines =
            from measurement in name.Where(text => !text.StartsWith('#'))
            from tags in Gen.Two(name).Select(pair => pair).ListOf(3)
            from field in name
            from value in values
            from timestamp in Gen.Choose(-1_000_000, 2_000_000_000)
            select (measurement, tags: tags.DistinctBy(tag => tag.Item1).Select(tag => KeyValuePair.Create(tag.Item1, tag.Item2)).ToArray(), field, value, timestamp);

        Prop.ForAll(lines.ToArbitrary(), one =>
        {
            var written = LineWriter.Write(one.measurement, one.tags, one.field, one.value, one.timestamp);
            var tags = string.Concat(one.tags.Select(tag => $",{tag.Key}={tag.Value}"));
            var expected = string.Create(CultureInfo.InvariantCulture, $"{one.measurement}{tags}|{one.field}={one.value:R}@{one.timestamp}");
            return Read(written).SequenceEqual([expected]);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void No_bytes_stop_the_reader()
    {
        var signs = Gen.Elements("m", "f", "=", ",", " ", "\\", "\"", "\n", "\r", "#", "1", "i", "t", ".", "-", "é").ListOf(40).Select(string.Concat);

        Prop.ForAll(signs.ToArbitrary(), text => Read(text).Length <= text.Length).QuickCheckThrowOnFailure();
    }

    private static string[] Read(string body, TimestampUnit unit = TimestampUnit.Nanoseconds)
    {
        var read = new List<string>();
        var lines = new LineReader(Encoding.UTF8.GetBytes(body), unit);
        while (lines.Read())
        {
            if (lines.Fault is { } fault)
            {
                read.Add(string.Create(CultureInfo.InvariantCulture, $"{lines.Line}: {fault}"));
                continue;
            }

            var fields = new List<string>();
            foreach (var field in lines.Fields)
            {
                var value = field.Kind == FieldKind.Text ? "text" : field.Value.ToString("R", CultureInfo.InvariantCulture);
                fields.Add($"{SeriesName.Unescape(lines.NameOf(field))}={(value == "1.8446744073709552E+19" ? "18446744073709552000" : value)}");
            }

            var series = SeriesName.Parse(lines.Series);
            var at = lines.Nanos is { } nanos ? nanos.ToString(CultureInfo.InvariantCulture) : "now";
            read.Add($"{series.Measurement}{string.Concat(series.Tags.Select(tag => $",{tag.Key}={tag.Value}"))}|{string.Join(',', fields)}@{at}");
        }

        return [.. read];
    }
}

using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Commands;

public sealed class TokenVerbTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TempFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [Test]
    public async Task A_token_is_made_listed_and_revoked_and_its_secret_is_shown_once()
    {
        var made = await RunAsync("create", "--name", "shop", "--write", "revenue_", "--write", "visits");
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
        Assert.That(made.Output, Does.Match(@"^kpi_[A-Za-z0-9_-]{43}\r?\n$"));
        Assert.That(made.Errors, Does.Contain("may write revenue_* visits*"));

        var list = await RunAsync("list");
        Assert.That(list.Output, Does.Match("^1\tshop\twrite revenue_\\* visits\\*\t.*\tnever used\tin force\r?\n$").And.Not.Contain(made.Output.Trim()));

        Assert.That((await RunAsync("create", "--name", "shop", "--write", "*")).ExitCode, Is.EqualTo(1));
        Assert.That((await RunAsync("revoke", "shop")).ExitCode, Is.Zero);
        Assert.That((await RunAsync("revoke", "shop")).ExitCode, Is.EqualTo(1));
        Assert.That((await RunAsync("list")).Output, Does.Contain("revoked 20"));
    }

    [Test]
    public async Task A_token_may_do_something_beside_writing_metrics()
    {
        var made = await RunAsync("create", "--name", "ci", "--scope", "annotations:write");
        Assert.That(made.Errors, Does.Contain("'ci' may annotations:write."));
        await RunAsync("create", "--name", "both", "--write", "*", "--scope", "annotations:read");

        Assert.That((await RunAsync("list")).Output, Does.Contain("\tci\tannotations:write\t").And.Contain("\tboth\twrite * annotations:read\t"));
    }

    [TestCase("create --name shop", "--write")]
    [TestCase("create --name shop --scope annotations", "annotations:write")]
    [TestCase("create --write x", "--name")]
    [TestCase("create --name shop --write Visits", "'Visits'")]
    public async Task A_command_line_at_fault_says_what_is_missing(string arguments, string named)
    {
        var result = await RunAsync(arguments.Split(' '));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(named));
    }

    private Task<KpiResult> RunAsync(params string[] arguments) =>
        KpiProcess.RunAsync(["token", .. arguments, "--workspace", _folder.Path, "--data", _folder["store"]]);
}

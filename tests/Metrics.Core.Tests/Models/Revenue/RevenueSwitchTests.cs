using Metrics.Core.Models.Revenue;
using Metrics.Core.Periods;
using NUnit.Framework;
using static Metrics.Core.Tests.Models.Revenue.RevenueFigures;

namespace Metrics.Core.Tests.Models.Revenue;

/// <summary>What each switch of the definition does, on the points where vendors differ.</summary>
public sealed class RevenueSwitchTests
{
    [Test]
    public void Every_switch_has_a_default_that_is_one_of_its_values() => Assert.That(
        RevenueSwitches.All.Where(one => one.Default is null || one.FaultOf(one.Default) is not null), Is.Empty);

    [TestCase("", "forever", 50)]
    [TestCase("", "repeating", 50)]
    [TestCase("", "once", 50)]
    [TestCase("discounts recurring", "forever", 50)]
    [TestCase("discounts recurring", "repeating", 100)]
    [TestCase("discounts recurring", "once", 100)]
    [TestCase("discounts ignored", "forever", 100)]
    public void A_discount_lowers_MRR_as_the_definition_says(string choices, string duration, int mrr) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05", 100, ("discount", 50), ("discount_duration", duration))).At("mrr", "2026-01-05"), Is.EqualTo(mrr));

    /// <summary>Baremetrics' example: a coupon of 50 % off 10, forever; Chargebee's: plan and add-on of 100 each, 50 off.</summary>
    [Test]
    public void The_published_discounts_come_out()
    {
        Assert.That(Of("", Sub("anna", "2026-01-05", 10, ("discount", 5))).At("mrr", "2026-01-05"), Is.EqualTo(5));
        Assert.That(Of("", Sub("anna", "2026-01-05", 100, ("discount", 50)), Sub("anna", "2026-01-05", 100, ("plan", "Add-on"))).At("mrr", "2026-01-05"), Is.EqualTo(150));
    }

    [Test]
    public void A_discount_that_runs_out_is_expansion() => Assert.That(
        Of("", Sub("anna", "2026-01-05", 100, ("discount", 30), ("discount_duration", "once"))).Moves,
        Is.EqualTo((string[])["01-05 new 70", "01-05 new_customers 1", "02-05 expansion 30"]));

    [Test]
    public void A_discount_of_everything_is_no_customer() => Assert.That(
        Of("", Sub("anna", "2026-01-05", 100, ("discount", 100), ("discount_duration", "repeating"), ("discount_end", "2026-02-10"))).Moves,
        Is.EqualTo((string[])["02-10 new 100", "02-10 new_customers 1"]));

    [TestCase("", 100)]
    [TestCase("tax included", 119)]
    public void Tax_is_in_MRR_where_the_definition_says_so(string choices, int mrr) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05", 100, ("tax", 19))).At("mrr", "2026-01-05"), Is.EqualTo(mrr));

    [TestCase("", "01-19 new 100")]
    [TestCase("trials included", "01-05 new 100")]
    public void A_trial_is_no_revenue_unless_the_definition_says_so(string choices, string move) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05", 100, ("trial_end", "2026-01-19"))).Lines("new"), Is.EqualTo((string[])[move]));

    [TestCase("", null)]
    [TestCase("delinquent churned", "03-07 churn 100")]
    [TestCase("delinquent churned, delinquent_days 7", "02-12 churn 100")]
    public void Who_does_not_pay_is_churned_after_the_days_that_the_definition_gives(string choices, string? churn) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05", 100, ("delinquent_since", "2026-02-05"))).Lines("churn"), Is.EqualTo(churn is null ? Array.Empty<string>() : [churn]));

    [TestCase("", null)]
    [TestCase("refunds churned", "01-20 churn 100")]
    public void A_refund_ends_a_subscription_where_the_definition_says_so(string choices, string? churn) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05", 100, ("refunded_at", "2026-01-20"))).Lines("churn"), Is.EqualTo(churn is null ? Array.Empty<string>() : [churn]));

    [TestCase("", "02-20 churn 100")]
    [TestCase("churn_date canceled", "02-10 churn 100")]
    [TestCase("churn_date paid_until", "03-05 churn 100")]
    public void A_canceled_subscription_ends_on_the_day_that_the_definition_says(string choices, string churn) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05..2026-02-20", 100, ("canceled_at", "2026-02-10"))).Lines("churn"), Is.EqualTo((string[])[churn]));

    [Test]
    public void A_row_that_another_takes_over_from_ends_when_it_says_whatever_was_paid_for() => Assert.That(
        Of("churn_date paid_until", Sub("anna", "2026-01-05..2026-02-20", 100), Sub("anna", "2026-02-20", 150)).Moves,
        Is.EqualTo((string[])["01-05 new 100", "01-05 new_customers 1", "02-20 expansion 50"]));

    [TestCase("", "02-05 churn 100", "02-05 churned_customers 1")]
    [TestCase("free_downgrade active", "02-05 contraction 100", "03-05 churn 0", "03-05 churned_customers 1")]
    public void Who_pays_nothing_any_more_is_a_customer_where_the_definition_says_so(string choices, params string[] moves) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05..2026-02-05", 100), Sub("anna", "2026-02-05..2026-03-05", 0, ("plan", "Free"))).Moves.Skip(2), Is.EqualTo(moves));

    [Test]
    public void Who_never_paid_is_no_customer_whatever_the_definition() => Assert.That(
        Of("free_downgrade active", Sub("anna", "2026-01-05", 0), Sub("bert", "2026-02-01", 10)).At("customers", "2026-02-10"), Is.EqualTo(1));

    /// <summary>Stripe counts who joins and leaves inside the window in both: 2 of 3 instead of 1 of 2.</summary>
    [TestCase("", 2, 1)]
    [TestCase("churn_base start_and_new", 3, 2)]
    public void A_churn_rate_is_of_those_that_the_definition_names(string choices, int of, int lost)
    {
        var figures = Of(choices, Sub("anna", "2026-01-05", 10), Sub("bert", "2026-01-05..2026-02-10", 10), Sub("carl", "2026-02-03..2026-02-20", 10));

        Assert.That(figures.At("churn_base_customers", "2026-02-01", Grain.Month), Is.EqualTo(of));
        Assert.That(figures.At("churn_lost_customers", "2026-02-01", Grain.Month), Is.EqualTo(lost));
        Assert.That(figures.At("opening_customers", "2026-02-01", Grain.Month), Is.EqualTo(2), "which no switch touches");
    }

    [TestCase("", "week", 52)]
    [TestCase("factors rounded", "week", 48)]
    [TestCase("factors rounded", "day", 360)]
    [TestCase("factors rounded", "month", 12)]
    public void A_month_has_as_many_weeks_and_days_as_the_definition_says(string choices, string interval, int mrr) => Assert.That(
        Of(choices, Sub("anna", "2026-01-05", 12, ("interval", interval))).At("mrr", "2026-01-05"), Is.EqualTo(mrr));

    [Test]
    public void Trials_are_counted_when_they_begin_and_when_they_are_over()
    {
        var figures = Of("",
            Sub("anna", "2026-01-05", 100, ("trial_end", "2026-01-19")),
            Sub("bert", "2026-01-06..2026-01-20", 100, ("trial_end", "2026-01-20")),
            Sub("carl", "2026-01-07..2026-01-21", 0, ("is_trial", true)), Sub("carl", "2026-01-15", 80),
            Sub("dora", "2026-03-25", 100, ("trial_end", "2026-04-08")));

        Assert.That(figures.Lines("trials_started"), Is.EqualTo((string[])["01-05 trials_started 1", "01-06 trials_started 1", "01-07 trials_started 1", "03-25 trials_started 1"]));
        Assert.That(figures.Lines("trials_ended"), Is.EqualTo((string[])["01-15 trials_ended 1", "01-19 trials_ended 1", "01-20 trials_ended 1"]), "one is over early, one still runs");
        Assert.That(figures.Lines("trials_converted"), Is.EqualTo((string[])["01-15 trials_converted 1", "01-19 trials_converted 1"]));
        Assert.That(figures.At("trials_running", "2026-01-14"), Is.EqualTo(3));
        Assert.That(figures.At("trials_running", "2026-03-31"), Is.EqualTo(1));
    }

    [Test]
    public void Committed_MRR_knows_starts_and_ends_before_they_come()
    {
        var figures = Of("",
            Sub("anna", "2026-01-05..2026-04-05", 100, ("canceled_at", "2026-02-01")),
            Sub("bert", "2026-05-01", 70, ("committed_from", "2026-03-01")),
            Sub("carl", "2026-01-05..2026-03-15", 50, ("subscription", "c")), Sub("carl", "2026-03-15", 90, ("subscription", "c"), ("committed_from", "2026-02-15")));

        Assert.That(figures.At("committed_mrr", "2026-01-31"), Is.EqualTo(150));
        Assert.That(figures.At("committed_mrr", "2026-02-01"), Is.EqualTo(50), "the end is known");
        Assert.That(figures.At("committed_mrr", "2026-02-15"), Is.EqualTo(90), "the change is known, and replaces what it follows");
        Assert.That(figures.At("committed_mrr", "2026-03-01"), Is.EqualTo(160), "the start is known");
        Assert.That(figures.At("mrr", "2026-03-31"), Is.EqualTo(190));
    }

    [Test]
    public void A_churn_after_a_payment_that_was_never_made_good_is_involuntary()
    {
        var figures = Of("",
            Sub("anna", "2026-01-05..2026-03-01", 100), Payment("anna", "2026-02-20", "failed"),
            Sub("bert", "2026-01-05..2026-03-01", 70), Payment("bert", "2026-02-20", "failed"), Payment("bert", "2026-02-22", "succeeded"),
            Sub("carl", "2026-01-05..2026-03-01", 50), Payment("carl", "2026-01-20", "failed", 7),
            Payment("dora", "2026-02-20", "refunded", 5), Payment("dora", "2026-02-21", "paid", -6), Payment("dora", "2026-02-22", "odd"));

        Assert.That(figures.Lines(RevenueMeasures.Involuntary), Is.EqualTo((string[])["03-01 involuntary_churn 100", "03-01 involuntary_churned_customers 1"]));
        Assert.That(figures.Lines("failed_payments", "failed_payment_amount"),
            Is.EqualTo((string[])["01-20 failed_payment_amount 7", "01-20 failed_payments 1", "02-20 failed_payment_amount 20", "02-20 failed_payments 2"]));
        Assert.That(figures.Lines("refunds", "refunded_amount"),
            Is.EqualTo((string[])["02-20 refunded_amount 5", "02-20 refunds 1", "02-21 refunded_amount 6", "02-21 refunds 1"]));
        Assert.That(figures.Warned, Is.EqualTo((string[])["payment_status 1"]));
    }

    [Test]
    public void A_cohort_keeps_who_first_paid_in_its_period()
    {
        var figures = Of("", Sub("anna", "2026-01-05..2026-02-10", 100), Sub("bert", "2026-01-20", 50), Sub("carl", "2026-02-03", 70), Sub("anna", "2026-03-05", 30));
        decimal?[] Row(string measure, string cohort) =>
            [.. ((string[])["2026-01-01", "2026-02-01", "2026-03-01"]).Select(month => figures.On(Segment(cohort), measure, Day(month), Grain.Month))];

        Assert.That(Row("cohort_mrr", "2026-01-01"), Is.EqualTo((decimal?[])[150, 50, 80]));
        Assert.That(Row("cohort_customers", "2026-01-01"), Is.EqualTo((decimal?[])[2, 1, 2]));
        Assert.That(Row("cohort_size", "2026-02-01"), Is.EqualTo((decimal?[])[null, 1, 1]));
        Assert.That(Row("cohort_start_mrr", "2026-01-01"), Is.EqualTo((decimal?[])[150, 150, 150]));
        Assert.That(figures.At("cohort_mrr", "2026-03-01", Grain.Month), Is.EqualTo(figures.At("mrr", "2026-03-31")));
        Assert.That(figures.At("cohort_mrr", "2026-01-01", Grain.Quarter), Is.EqualTo(150));

        static Metrics.Core.Series.Segment Segment(string cohort) => Metrics.Core.Series.Segment.Of(("cohort", cohort));
        static DateOnly Day(string text) => Metrics.Core.Tests.Periods.Some.Day(text);
    }

    [TestCase("overlapping_subscription", "a", "2026-01-05..2026-03-01", 100, "a", "2026-02-01", 150, 150)]
    [TestCase("overlapping_subscription", "a", "2026-01-05", 100, "a", "2026-01-05", 100, 100)]
    [TestCase("identical_rows", "a", "2026-01-05", 100, "b", "2026-01-05", 100, 200)]
    public void Two_rows_that_cannot_both_be_right_are_taken_by_a_rule_and_told(
        string code, string id, string days, decimal amount, string otherId, string otherDays, decimal otherAmount, decimal mrr)
    {
        var figures = Of("", Sub("anna", days, amount, ("subscription", id)), Sub("anna", otherDays, otherAmount, ("subscription", otherId)));

        Assert.That(figures.At("mrr", "2026-02-15"), Is.EqualTo(mrr));
        var warning = figures.Result.Warnings.Single(one => one.Code == code);
        Assert.That((warning.Rows, warning.Examples[0].Record), Is.EqualTo((1L, code == "identical_rows" ? "b" : "a")));
    }

    [Test]
    public void Parts_of_a_subscription_count_side_by_side_and_are_told()
    {
        var figures = Of("", Sub("anna", "2026-01-05", 100, ("subscription", "a")), Sub("anna", "2026-02-01", 20, ("subscription", "a"), ("plan", "Add-on")));

        Assert.That((figures.At("mrr", "2026-02-15"), figures.Warned), Is.EqualTo(((decimal?)120, (string[])["parts_of_subscription 1"])));
    }

    [TestCase("amount_0", "2026-01-06", 0)]
    [TestCase("no_days", "2026-01-06..2026-01-06", 40)]
    [TestCase("canceled_without_end", "2026-01-06", 40, "canceled", true)]
    [TestCase("ended_not_canceled", "2026-01-06..2026-02-01", 40, "canceled", false)]
    [TestCase("canceled_after_end", "2026-01-06..2026-02-01", 40, "canceled_at", "2026-02-05")]
    [TestCase("trial_after_end", "2026-01-06..2026-02-01", 40, "trial_end", "2026-02-05")]
    [TestCase("trial_before_start", "2026-01-06", 40, "trial_end", "2026-01-01")]
    [TestCase("discount_over_amount", "2026-01-06", 40, "discount", 50)]
    public void A_row_that_contradicts_itself_is_told_by_its_name(string code, string days, decimal amount, string field = "region", object? value = null)
    {
        var figures = Of("", Sub("anna", "2026-01-05", 100), Sub("bert", days, amount, ("subscription", "B-7"), (field, value ?? "EU")));

        var warning = figures.Result.Warnings.Single();
        Assert.That((warning.Code, warning.Rows, warning.Examples[0].Record), Is.EqualTo((code, 1L, "B-7")));
        Assert.That(warning.Examples[0].What, Does.StartWith("bert: "));
    }
}

using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Dashboard.Web.Tests;

/// <summary>Forms filled in and sent as a browser does.</summary>
internal static class FormPosts
{
    /// <summary>Opens a page, fills in one of its forms and sends it.</summary>
    /// <param name="which">Which of the forms that lead to the address, counted from 0.</param>
    public static async Task<HttpResponseMessage> PostFormAsync(
        this RunningDashboard dashboard, string page, string action, int which, params (string Name, string Value)[] entered)
    {
        using var opened = await dashboard.Http.GetAsync(new Uri(page, UriKind.Relative));
        var form = new HtmlParser().ParseDocument(await opened.Content.ReadAsStringAsync()).QuerySelectorAll($"form[action='{action}']")[which];
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var field in form.QuerySelectorAll("input[name], select[name], textarea[name]"))
        {
            if (field is not IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false } && !entered.Any(one => one.Name == field.GetAttribute("name")))
            {
                fields.Add(KeyValuePair.Create(field.GetAttribute("name")!, field switch
                {
                    IHtmlSelectElement select => select.Value ?? "",
                    IHtmlTextAreaElement area => area.Value,
                    _ => field.GetAttribute("value") ?? "",
                }));
            }
        }

        using var post = new HttpRequestMessage(HttpMethod.Post, action);
        post.Content = new FormUrlEncodedContent([.. fields, .. entered.Select(one => KeyValuePair.Create(one.Name, one.Value))]);
        post.Headers.Add("Cookie", opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return await dashboard.Http.SendAsync(post);
    }
}

using System.Text;
using Dashboard.Web.Pages;
using Metrics.Core.Boards;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Dashboard.Web.Rendering;

/// <summary>
/// A board as one HTML file that needs nothing else: its styles are inside, it asks no address and runs no script, so it can be mailed,
/// kept and printed. It is made of the same parts as the page.
/// </summary>
public sealed class BoardDocument(IRazorViewEngine views, ITempDataProvider tempData, IServiceScopeFactory scopes)
{
    private const string View = "/Pages/Boards/Document.cshtml";

    /// <param name="site">Where the dashboard is, for links into it; without it the document has none.</param>
    public async Task WriteAsync(BoardSnapshot board, Uri? site, Stream target, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var action = new ActionContext(http, new RouteData(), new ActionDescriptor());
        var found = views.GetView(executingFilePath: null, View, isMainPage: true);
        found.EnsureSuccessful([View]);
        await using var text = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true);
        var data = new ViewDataDictionary<BoardSnapshot>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = board };
        Links.Lead(data, site);
        await found.View.RenderAsync(new ViewContext(action, found.View, data, new TempDataDictionary(http, tempData), text, new HtmlHelperOptions()));
    }
}

using Dashboard.Web.Commands;
using Ingestion.Worker.Commands;

return await KpiCommand.RunAsync(KpiCommand.Create(DemoVerb.Create(), BoardVerb.Create()).Serving(), args, CancellationToken.None);

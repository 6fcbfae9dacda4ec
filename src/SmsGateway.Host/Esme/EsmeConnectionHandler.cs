using Microsoft.AspNetCore.Connections;

namespace SmsGateway.Host.Esme;

// Where Kestrel hands over a connection of the SMPP listener.
internal sealed class EsmeConnectionHandler(EsmeServer server) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => server.ServeAsync(connection);
}

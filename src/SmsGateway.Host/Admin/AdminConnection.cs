namespace SmsGateway.Host.Admin;

// Marks a connection that came in through the admin listener; requests see it among their features. Unlike a port number it stays right
// when the system chooses the port or two listeners share a port on different addresses.
internal sealed class AdminConnection
{
    public static readonly AdminConnection Mark = new();

    private AdminConnection()
    {
    }
}

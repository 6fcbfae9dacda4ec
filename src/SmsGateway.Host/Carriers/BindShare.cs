namespace SmsGateway.Host.Carriers;

/// <summary>How many of a carrier's binds one node may keep when others want some too. A pure decision.</summary>
internal static class BindShare
{
    /// <summary>
    /// What this node may hold now: everything it can get, unless another node has less than an equal part; then an equal part,
    /// rounded up, or nothing when this node is not to send at all.
    /// </summary>
    /// <param name="maxBinds">Binds that the carrier allows in all, 1 and up.</param>
    /// <param name="perNode">Binds that one node wants.</param>
    /// <param name="isHot">Whether this node counts among those that share.</param>
    /// <param name="others">What the other nodes hold that may bind to this carrier and are live and hot.</param>
    public static int Limit(int maxBinds, int perNode, bool isHot, IReadOnlyCollection<int> others)
    {
        var nodes = others.Count + (isHot ? 1 : 0);
        if (others.Count == 0 || others.Min() >= Math.Min(maxBinds / nodes, perNode))
        {
            return int.MaxValue;
        }

        return isHot ? (maxBinds + nodes - 1) / nodes : 0;
    }
}

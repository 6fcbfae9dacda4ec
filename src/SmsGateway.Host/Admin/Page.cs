using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace SmsGateway.Host.Admin;

/// <summary>Which rows of a list a call asks for.</summary>
internal readonly record struct PageQuery(
    [property: FromQuery(Name = "limit"), Description("Rows to return, from 1; more than Admin:MaxRows is cut to it. Default 100.")] int? Limit,
    [property: FromQuery(Name = "offset"), Description("Rows to skip. Default 0.")] int? Offset)
{
    /// <summary>Rows that a list reads of the ledger. A longer one is an incident, and its first part tells which.</summary>
    public const int MostRead = 100_000;

    public int Take(int mostRows) => Math.Clamp(Limit ?? 100, 1, mostRows);

    public int Skip => Math.Max(Offset ?? 0, 0);
}

/// <summary>A part of a list.</summary>
/// <param name="Total">Rows of the whole list.</param>
/// <param name="TotalIsLowerBound">True when the list was longer than what was read, so that there are more rows than the total says.</param>
/// <param name="Limit">Rows asked for, after the cut.</param>
/// <param name="Offset">Rows skipped.</param>
/// <param name="Items">The rows.</param>
internal sealed record Page<T>(int Total, bool TotalIsLowerBound, int Limit, int Offset, IReadOnlyList<T> Items)
{
    public static Page<T> Of(IReadOnlyList<T> all, bool cut, PageQuery query, int mostRows)
    {
        var (skip, take) = (query.Skip, query.Take(mostRows));
        return new Page<T>(all.Count, cut, take, skip, [.. all.Skip(skip).Take(take)]);
    }
}

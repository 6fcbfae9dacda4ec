using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class CarrierMessageIdTests
{
    [Theory]
    [InlineData("4f2a", nameof(IdNotation.Hex), "0000020266", nameof(IdNotation.Decimal))]
    [InlineData("4F2A", nameof(IdNotation.Hex), "0x4f2a", nameof(IdNotation.Hex))]
    [InlineData("0012", nameof(IdNotation.Decimal), "12", nameof(IdNotation.Decimal))]
    [InlineData("0", nameof(IdNotation.Decimal), "0000000000", nameof(IdNotation.Hex))]
    [InlineData("FFFFFFFFFFFFFFFFFF", nameof(IdNotation.Hex), "4722366482869645213695", nameof(IdNotation.Decimal))]
    [InlineData("abc-1", nameof(IdNotation.Text), " abc-1 ", nameof(IdNotation.Text))]
    public void The_id_of_the_response_and_of_the_receipt_meet(string submitted, string submitNotation, string receipted, string receiptNotation) =>
        Assert.Equal(Normalised(submitted, submitNotation), Normalised(receipted, receiptNotation));

    [Theory]
    [InlineData("not a number", nameof(IdNotation.Decimal))]
    [InlineData("xyz", nameof(IdNotation.Hex))]
    [InlineData("-5", nameof(IdNotation.Decimal))]
    [InlineData("", nameof(IdNotation.Hex))]
    public void What_is_no_number_stays_as_it_is(string id, string notation) => Assert.Equal(id, Normalised(id, notation));

    [Fact]
    public void Text_keeps_zeros_and_case() => Assert.Equal("00Ab", CarrierMessageId.Normalise("00Ab", IdNotation.Text));

    [Fact]
    public void An_id_longer_than_any_id_costs_no_arithmetic() =>
        Assert.Equal(new string('f', 5_000), CarrierMessageId.Normalise(new string('f', 5_000), IdNotation.Hex));

    private static string Normalised(string id, string notation) => CarrierMessageId.Normalise(id, Enum.Parse<IdNotation>(notation));
}

using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class MoCodingTests
{
    [Theory]
    [InlineData(0, "48656c6c6f", "Gsm0338", 0)] // Hello: the same in GSM 03.38 and UTF-8
    [InlineData(0, "00", "Gsm0338", 2)] // an @ in GSM 03.38
    [InlineData(0, "24", "Gsm0338", 2)] // a currency sign there, a dollar in UTF-8
    [InlineData(0, "e9", "Latin1", 3)]
    [InlineData(0, "c3a9", "Utf8", 0)]
    [InlineData(2, "0102", "Gsm0338", 4)] // octets at a carrier; 2 would be GSM 03.38 to a customer
    [InlineData(8, "00e9", "Gsm0338", 8)]
    public void A_coding_that_means_something_else_to_customers_is_renamed(byte carriers, string hex, string alphabet, byte expected) =>
        Assert.Equal(expected, MoCoding.Of(carriers, 0, Convert.FromHexString(hex), Enum.Parse<CarrierAlphabet>(alphabet)));

    [Theory]
    [InlineData(0xF0, "48656c6c6f", "Gsm0338", 0)]
    [InlineData(0xF1, "00", "Gsm0338", 2)]
    [InlineData(0xF2, "e4", "Latin1", 3)]
    [InlineData(0xF3, "c3a9", "Utf8", 0)]
    [InlineData(0xF4, "48656c6c6f", "Gsm0338", 4)]
    [InlineData(0xF5, "f541", "Gsm0338", 4)]
    [InlineData(0xFF, "00", "Utf8", 4)]
    [InlineData(0xEF, "00", "Gsm0338", 0xEF)]
    public void A_message_class_is_the_carriers_alphabet_or_octets(byte carriers, string hex, string alphabet, byte expected) =>
        Assert.Equal(expected, MoCoding.Of(carriers, 0, Convert.FromHexString(hex), Enum.Parse<CarrierAlphabet>(alphabet)));

    [Fact]
    public void A_user_data_header_is_not_text() =>
        Assert.Equal(0, MoCoding.Of(0, 0x40, Convert.FromHexString("06050400500000" + "4869"), CarrierAlphabet.Gsm0338));

    [Theory]
    [InlineData("050003070201" + "4869", "Gsm0338", 2)]
    [InlineData("06080401070201" + "4869", "Gsm0338", 2)]
    [InlineData("050003070201" + "4869", "Latin1", 3)]
    [InlineData("050003070201" + "4869", "Utf8", 0)] // it has no value of its own
    [InlineData("050003070101" + "4869", "Gsm0338", 0)] // the only part
    public void All_parts_of_a_message_have_one_coding_whatever_is_in_them(string hex, string alphabet, byte expected) =>
        Assert.Equal(expected, MoCoding.Of(0, 0x40, Convert.FromHexString(hex), Enum.Parse<CarrierAlphabet>(alphabet)));
}

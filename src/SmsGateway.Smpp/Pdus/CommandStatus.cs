namespace SmsGateway.Smpp.Pdus;

/// <summary>The command_status of a response, complete table of SMPP 3.4, 5.1.3; 0 in requests.</summary>
/// <remarks>0x400-0x4FF belong to the vendor of an SMSC; any other value can come in too and is kept as it is.</remarks>
public enum CommandStatus : uint
{
    /// <summary>ESME_ROK: no error.</summary>
    Ok = 0x00,

    /// <summary>ESME_RINVMSGLEN: message length invalid.</summary>
    InvalidMessageLength = 0x01,

    /// <summary>ESME_RINVCMDLEN: command length invalid.</summary>
    InvalidCommandLength = 0x02,

    /// <summary>ESME_RINVCMDID: invalid command id.</summary>
    InvalidCommandId = 0x03,

    /// <summary>ESME_RINVBNDSTS: wrong bind status for the command.</summary>
    InvalidBindStatus = 0x04,

    /// <summary>ESME_RALYBND: already bound.</summary>
    AlreadyBound = 0x05,

    /// <summary>ESME_RINVPRTFLG: invalid priority flag.</summary>
    InvalidPriorityFlag = 0x06,

    /// <summary>ESME_RINVREGDLVFLG: invalid registered delivery flag.</summary>
    InvalidRegisteredDelivery = 0x07,

    /// <summary>ESME_RSYSERR: system error (clients retry it).</summary>
    SystemError = 0x08,

    /// <summary>ESME_RINVSRCADR: invalid source address.</summary>
    InvalidSourceAddress = 0x0A,

    /// <summary>ESME_RINVDSTADR: invalid destination address.</summary>
    InvalidDestinationAddress = 0x0B,

    /// <summary>ESME_RINVMSGID: message id invalid.</summary>
    InvalidMessageId = 0x0C,

    /// <summary>ESME_RBINDFAIL: bind failed.</summary>
    BindFailed = 0x0D,

    /// <summary>ESME_RINVPASWD: invalid password.</summary>
    InvalidPassword = 0x0E,

    /// <summary>ESME_RINVSYSID: invalid system id.</summary>
    InvalidSystemId = 0x0F,

    /// <summary>ESME_RCANCELFAIL: cancel failed.</summary>
    CancelFailed = 0x11,

    /// <summary>ESME_RREPLACEFAIL: replace failed.</summary>
    ReplaceFailed = 0x13,

    /// <summary>ESME_RMSGQFUL: message queue full (clients retry it).</summary>
    MessageQueueFull = 0x14,

    /// <summary>ESME_RINVSERTYP: invalid service type.</summary>
    InvalidServiceType = 0x15,

    /// <summary>ESME_RINVNUMDESTS: invalid number of destinations.</summary>
    InvalidNumberOfDestinations = 0x33,

    /// <summary>ESME_RINVDLNAME: invalid distribution list name.</summary>
    InvalidDistributionListName = 0x34,

    /// <summary>ESME_RINVDESTFLAG: invalid destination flag.</summary>
    InvalidDestinationFlag = 0x40,

    /// <summary>ESME_RINVSUBREP: invalid submit with replace.</summary>
    InvalidSubmitWithReplace = 0x42,

    /// <summary>ESME_RINVESMCLASS: invalid esm_class.</summary>
    InvalidEsmClass = 0x43,

    /// <summary>ESME_RCNTSUBDL: cannot submit to distribution list.</summary>
    CannotSubmitToDistributionList = 0x44,

    /// <summary>ESME_RSUBMITFAIL: submit_sm or submit_multi failed.</summary>
    SubmitFailed = 0x45,

    /// <summary>ESME_RINVSRCTON: invalid source TON.</summary>
    InvalidSourceTon = 0x48,

    /// <summary>ESME_RINVSRCNPI: invalid source NPI.</summary>
    InvalidSourceNpi = 0x49,

    /// <summary>ESME_RINVDSTTON: invalid destination TON.</summary>
    InvalidDestinationTon = 0x50,

    /// <summary>ESME_RINVDSTNPI: invalid destination NPI.</summary>
    InvalidDestinationNpi = 0x51,

    /// <summary>ESME_RINVSYSTYP: invalid system type.</summary>
    InvalidSystemType = 0x53,

    /// <summary>ESME_RINVREPFLAG: invalid replace_if_present flag.</summary>
    InvalidReplaceFlag = 0x54,

    /// <summary>ESME_RINVNUMMSGS: invalid number of messages.</summary>
    InvalidNumberOfMessages = 0x55,

    /// <summary>ESME_RTHROTTLED: allowed message limits exceeded (clients retry it).</summary>
    Throttled = 0x58,

    /// <summary>ESME_RINVSCHED: invalid scheduled delivery time.</summary>
    InvalidSchedule = 0x61,

    /// <summary>ESME_RINVEXPIRY: invalid validity period.</summary>
    InvalidExpiry = 0x62,

    /// <summary>ESME_RINVDFTMSGID: predefined message invalid or not found.</summary>
    InvalidPredefinedMessage = 0x63,

    /// <summary>ESME_RX_T_APPN: receiver temporary application error.</summary>
    ReceiverTemporaryError = 0x64,

    /// <summary>ESME_RX_P_APPN: receiver permanent application error.</summary>
    ReceiverPermanentError = 0x65,

    /// <summary>ESME_RX_R_APPN: receiver rejects the message.</summary>
    ReceiverReject = 0x66,

    /// <summary>ESME_RQUERYFAIL: query failed.</summary>
    QueryFailed = 0x67,

    /// <summary>ESME_RINVOPTPARSTREAM: error in the optional part.</summary>
    InvalidOptionalParameterStream = 0xC0,

    /// <summary>ESME_ROPTPARNOTALLWD: optional parameter not allowed.</summary>
    OptionalParameterNotAllowed = 0xC1,

    /// <summary>ESME_RINVPARLEN: invalid parameter length.</summary>
    InvalidParameterLength = 0xC2,

    /// <summary>ESME_RMISSINGOPTPARAM: expected optional parameter missing.</summary>
    MissingOptionalParameter = 0xC3,

    /// <summary>ESME_RINVOPTPARAMVAL: invalid optional parameter value.</summary>
    InvalidOptionalParameterValue = 0xC4,

    /// <summary>ESME_RDELIVERYFAILURE: delivery failure (data_sm_resp).</summary>
    DeliveryFailure = 0xFE,

    /// <summary>ESME_RUNKNOWNERR: unknown error.</summary>
    UnknownError = 0xFF,
}

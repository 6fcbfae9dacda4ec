namespace SmsGateway.Load.Cli;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Help
{
    public const string Text = """
        SmsGateway.Load: load with a journal on every side.

          dotnet run -c Release --project tests/SmsGateway.Load -- MODE OPTIONS

        MODES
          smpp            hands in messages over SMPP, closed loop
          http            hands in messages over HTTP, closed loop
          ids             hands in each of K message ids several times at once
          bench-codec     PDUs encoded and decoded per second on one core (L0)
          bench-protocol  submit_sm answered per second by the protocol library alone (LP)

        Each message carries a marker RUN-NUMBER at the start of its text and as its client message id. At the end the client's book, the
        journals of the simulated carriers (GET /submits/export), the sinks' (GET /received/export) and the gateway's list of doubts
        (GET /admin/v1/doubts) are laid side by side:
          lost         accepted by the gateway, in no carrier's journal, and not listed as in doubt
          duplicated   taken more than once by the carriers together (submits a carrier refused do not count)
          receipts     (message, state) the carriers made, and of those received by the client; those missing of messages in doubt are told
                       apart and are no failure
          receipts twice  a state of a message under more delivery ids than carriers took submits of it (HTTP tells no delivery ids)
          offered again  the same delivery id (HTTP: message_id + message_state) a second time; at-least-once allows it
          in doubt     listed by the gateway; "never saw" = in no carrier's journal
          refused      a submission answered with an error status, by status, also where it was offered again and accepted
          accounts     accepted = emitted + doubts that no carrier saw (+ what carriers refused)
        Exit code 0 only when nothing is lost or duplicated, the accounts add up, no receipt is missing or came twice, no answer changed its id, and every fault was
        done and healed as asked; 2 for a wrong command line.

        smpp
          --to HOST:PORT[,HOST:PORT...]   where to bind; binds are dealt out in turn
          --node NAME=HOST:PORT[,ADMIN_URL][,PIDFILE]   the same for a node with a name, which faults can hurt; repeat
          --binds N (8)  --window N (100)  --account (acme)  --password (acme1234)  --sender (67890)
          --prefixes P,P (44,49)          destinations: prefix, in turn, and the message's number
          --registered 0|1|2 (1)  --priority 0..3 (0)  --text OCTETS (60)
          --rate N (0)                    new messages per second at most; 0 = as fast as the windows allow
          --copy-every N (0)              each Nth message is sent a second time at once, over another bind
          --response-timeout SECONDS (30) unanswered for so long: sent again over another bind with the same client message id
          --rebind SECONDS (1)  --rebind-max SECONDS (8)   pause before a lost bind is made again, doubling up to the longest (customers are told 30)
          0x58, 0x14 and 0x08 are sent again after a pause and counted. deliver_sm is answered at once. What was unanswered on a bind that ended goes
          over another. After an unbind of the gateway nothing more is sent on that bind; its answers are awaited, then it is answered.

        http
          --to URL[,URL...]               receivers, for example http://127.0.1.1:8080/httpapi/receiver
          --node NAME=URL[,ADMIN_URL][,PIDFILE]         the same for a node with a name; repeat
          --connections N (256)  --login (demo)  --password (demo1234)  --sender (12345)  --prefixes (44,49)
          --receipt TRUE|FALSE (TRUE)  --text OCTETS (60)
          --response-timeout SECONDS (30) then the connection is closed and the message goes to the next receiver, same message_id
          429 and 503 are sent again after a pause and counted. Receipts are read from the sinks.

        smpp and http
          --messages N | --seconds T      how much; with both, whichever ends first
          --carrier-control URL           a carrier's control interface; repeat for each carrier
          --sink URL                      a callback sink; repeat for each
          --admin URL --admin-key KEY (local-admin-key)   for the list of doubts; repeat; the ADMIN_URLs of nodes are asked too
          --settle SECONDS (60)           the longest wait for emissions and receipts at the end
          --quiet SECONDS (35)            the wait ends when nothing has moved for so long
          --linger SECONDS (0)            listens on for so long when everything is there: for what should not come
          --stall SECONDS (120)           the sending ends when nothing was settled for so long
          --pid NAME=PID | NAME=@FILE     CPU per message of that process and its children; repeat
          --disk DIRECTORY                measure fdatasync there first
          --json FILE                     all figures as JSON
          --per-second                    a line per second: submits at each carrier (its clock), and the faults. The range over the middle of the run
                                          (without the second at each end and a tenth of the rest) is always printed

        faults (smpp and http)
          --fault KIND:NAMES[@FROM[-TO][xTIMES]]   repeat; done one after the other, in the order given
              KIND   kill (SIGKILL), term (SIGTERM), stop or stopSECONDS (SIGSTOP to the process and all its children, SIGCONT after 30 or so many seconds)
              NAMES  A        that one        A+B,C+D   one of these each time, by the seed
                     A+B      both at once    A/B/C/D   one after the other, each when the one before is ready again (a rolling restart)
              FROM-TO  seconds after the start of the run or after the fault before was over; drawn between the two (2-5)
          NAMES are those of --node with a PIDFILE, and of --pid NAME=@FILE: stop40:postgres@5 stops a PostgreSQL with all its backends.
          --seed N (1)                    the same seed makes the same faults
          --restart COMMAND               after kill and term, when the process is gone; {node} stands for its name; waits until ADMIN_URL/health/ready says 200
          --restart-after SECONDS (0)     pause before it
          --kill NAME --pid-file FILE [--at FROM-TO (2-5)] [--kills N (1)]   short for --fault kill:NAME@FROM-TOxN
          A fault under way at the end of the sending is finished and healed before the accounts are made. For each fault: how many messages that the
          hurt nodes had accepted reached a carrier after it, and when (carriers' clock); and for the other nodes, over 60 s or until the next fault, the longest
          time without an acceptance, the refusals, and the p99 of the acceptance beside that of as long before.
          --marks FILE                    faults that somebody else does meanwhile, a line each: microseconds since 1970, TAB, what, TAB, NODE,NODE

        ids
          --protocol http|smpp            default http
          --to ... --node ...             as in that mode; the copies of one id are dealt out over all, at once
          --ids K (1000)  --times N (as many as nodes; 4 for one)   --contents same|different (same)  --together N (16) ids at a time
          --one-bind                      SMPP: all copies over one bind, in one write
          --carrier-control URL  --json FILE  and the account options of that mode
          Same contents: one id, N-1 answers marked duplicate (HTTP), one submit. Different contents: one 200 and N-1 times 409
          (SMPP: N-1 times 0x45).

        bench-codec       [--seconds T (5)]
        bench-protocol    [--seconds T (10)] [--binds N (4)] [--window N (100)] [--in-process]
                          The server runs in a process of its own unless --in-process is given.
        """;
}

# The words of the report's pages. Keys are the same in all languages; a test compares them.

## Times and counts

date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
time = { $date }, { $time } UTC
findings = { $count ->
    [one] { $count } finding
   *[other] { $count } findings
}
rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
shown-of = { $shown } of { $total } shown.
more = { $count } more

## Titles and audiences

title-assessment = What has to move from Magento 1 by hand
title-verification = What Magento 2 still lacks
mode-assessment = Assessment before the migration
mode-verification = Verification of the migration
audiences = Pages for other readers
audience-developer = For developers
audience-verifier = For verifiers
audience-manager = For project managers
audience-merchant = For merchants
skip = Skip to the verdict
contents = Contents
redacted = Names, e-mail addresses and personal paths are redacted in this report; the same person has the same mark everywhere.

## The verdict

verdict = Verdict
outcome-pass = Pass
outcome-part = Pass in part
outcome-open = Open
outcome-fail = Fail
outcome-ahead = Work ahead
outcome-incomplete = Incomplete
verdict-nothing-checked = Nothing could be checked.
verdict-none = Nothing is missing of what was checked.
verdict-some = { $count ->
    [one] { $count } finding is to be dealt with.
   *[other] { $count } findings are to be dealt with.
}
ahead-none = Nothing has to be moved by hand of what was checked.
ahead-some = { $count ->
    [one] { $count } item of work ahead.
   *[other] { $count } items of work ahead.
}
verdict-failing = { $count ->
    [one] { $count } is { $limit }{ $worse ->
        [yes] { " " }or worse
       *[no] { "" }
    }.
   *[other] { $count } are { $limit }{ $worse ->
        [yes] { " " }or worse
       *[no] { "" }
    }.
}
verdict-failing-new = Of the new ones { $count } { $count ->
    [one] is
   *[other] are
} { $limit }{ $worse ->
    [yes] { " " }or worse
   *[no] { "" }
}.
verdict-waived = { $count ->
    [one] { $count } is waived by a decision.
   *[other] { $count } are waived by decisions.
}
verdict-first = There is no earlier run to compare with: everything counts as new.
verdict-since = Since { $time }: { $new } new, { $fixed } fixed.
verdict-unchecked = { $count ->
    [one] { $count } was not checked this time.
   *[other] { $count } were not checked this time.
}
verdict-failed = Could not be checked: { $areas }.
verdict-all-failed = No area could be checked as a whole.
verdict-not-whole = Not fully checked, because the input is not whole: { $areas }.
verdict-trouble = An input is not complete.
gate = The run fails on findings of severity { $limit }{ $worse ->
    [yes] { " " }or worse
   *[no] { "" }
}.
gate-none = No severity fails the run.

## Severities, states, steps

severity-blocker = blocker
severity-high = high
severity-medium = medium
severity-low = low
severity-info = info
severity-blocker-meaning = the shop or its administration breaks, or data is lost at cut-over
severity-high-meaning = shoppers see it, security suffers, or an integration is down
severity-medium-meaning = it works, but a person has to do something
severity-low-meaning = tidiness: nothing fails without it
severity-info-meaning = nothing to do; good to know
confidence-certain = certain
confidence-likely = likely
confidence-guess = guess
confidence-certain-meaning = read from the stores themselves
confidence-likely-meaning = several hints agree
confidence-guess-meaning = one hint
status-checked = checked
status-partial = partly checked
status-failed = could not be checked
status-not-checked = not checked
state-open = open
state-waived = waived
step-secure = Secure at once
step-copy = Copy to Magento 2
step-create = Create in Magento 2
step-correct = Correct in Magento 2
step-decide = Decide
step-leave = Leave behind
step-know = Know about it

## Stores

input-database = database
input-media = media
input-snapshot = snapshot
input-installation = installation
store-views = store views
no-m2 = Not given: this is an assessment. Everything that the official tool does not move is listed as work ahead.
no-m2-short = No Magento 2: an assessment of what will have to be done by hand.

## Sections

glance = At a glance
glance-caption = Open findings by area and severity
area = Area
checked = Checked
all-areas = All areas
not-checked = Not checked
not-checked-heading = What was not checked
not-checked-warning = Nothing in this list may be taken for done.
not-checked-or-not-completely = Not checked, or not completely
why = Why
status = Status
steps = Next steps
show = Show
search = Search
search-placeholder = path, name, text
show-all = Show all
hidden-note = Hidden by the filter: % of % findings on this page.
one-by-one = One by one
one-by-one-intro = What is to be known of each, and what to do.
in-json = All of them are in findings.json.
same-for = The same for
nothing-found = Nothing was found.
clean = Clean
clean-heading = Checked, and clean
clean-rules = { $count ->
    [one] { $count } rule found nothing
   *[other] { $count } rules found nothing
}
clean-none = Every rule that was applied found something, or none was applied.
method = Method
method-intro = magegap reads both stores and changes neither. Databases are read in one read-only snapshot a side. Passwords, keys and tokens are never read.
severities = Severities
confidence = Confidence
inventory = Inventory
inventory-of = Inventory of { $area }
inventory-none = There is nothing to list.

## Findings

severity = Severity
subject = Subject
scope = Store views
detail = Detail
used-by = Used by
findings-of = Findings of { $rule }
link-to-finding = Link to this finding
copy = Copy
copy-decision = Copy decision
copied = Copied
card = card
side-by-side = Magento 1 beside Magento 2
what-to-do = What to do
how-detected = How it is detected
severity-note = Severity: { $severity }, { $note }.
source = Source
all-in-csv = All of them are in { $file }.
all-in-json = All of them are in findings.json, or in findings.csv if that format is asked for.
footer = { $total ->
    [one] { $total } finding
   *[other] { $total } findings
}, { $shown } of them on this page.
footer-all = All of them:
open-findings = Open findings
count = Findings
what = What
rule = Rule
in-scope = in
used-by-these = used by

## Verifiers

gate-heading = Gate by area
gate-pass = pass
gate-fail = fail
gate-unknown = unknown
gate-open = passes, open
gate-new = The run fails on findings of severity { $limit }{ $worse ->
    [yes] { " " }or worse
   *[no] {""}
} that are new since the run before. An area that passes may have older ones.
blockers-none-part = No blocker is open, of what was checked.
gate-column = Gate
failing = Fail the run
coverage = Coverage
coverage-intro = What was given, and what was looked at. What is not in this table was not asked for.
left-out = Left out by --only or --skip
none-open = Nothing is open.

## Project managers

done = Done by area
done-intro = The share is by points: what is done counts what it costs where it is missing, and what is open what it costs now. The sum of all areas counts each by what it would cost if nothing were done. Beside it stand the things of Magento 1 about which nothing is open. What may stay behind does not count, and what was put off is not done. Only of areas that were checked as a whole.
done-effort = Done, by points
effort-done = By points, { $percent } % is done.
effort-later = Put off by decisions: { $points ->
    [one] { $points } point
   *[other] { $points } points
}, { $low } to { $high } hours.
effort-table = What is left, by area
owner = Owner
owner-none = nobody is named
owners-none = Who answers for an area or a rule is named under [owners] in magegap.toml.
put-off = Put off until
done-column = Done
points = Points
hours = Hours
effort = Effort
effort-sum = What is open is { $points ->
    [one] { $points } point
   *[other] { $points } points
} of work, { $low } to { $high } hours.
effort-formula = Each rule has points (0, 1, 3, 5, 7 or 13). What it found costs them once, and each further case a twentieth more, at the most twice the points more. Each missing extension and each missing API credential costs its points in full; a decision makes an extension 3 points (install), 5 (replace) or 7 (write anew). The points of an area are rounded up. A point takes { $low } to { $high } minutes. What is waived costs nothing; what is put off is counted apart.
done-of = { $done } of { $of }
blockers = Open blockers
blockers-none = No blocker is open.
decisions-awaited = Decisions awaited
decisions-none = No decision is awaited.
cases = { $count ->
    [one] { $count } case
   *[other] { $count } cases
}

since = Since the last run
since-intro = Compared with the report of { $time }. Open findings: { $new } new, { $known } known.
again-reopened = { $count ->
    [one] { $count } of the new ones was waived before.
   *[other] { $count } of the new ones were waived before.
}
again-worse = { $count ->
    [one] { $count } of the new ones was milder before.
   *[other] { $count } of the new ones were milder before.
}
again-failed = { $count ->
    [one] { $count } of the new ones had failed a run before: it stays new until it is fixed or decided.
   *[other] { $count } of the new ones had failed a run before: they stay new until they are fixed or decided.
}
since-new = New: { $count ->
    [one] { $count } finding
   *[other] { $count } findings
}
since-fixed = Fixed: { $count ->
    [one] { $count } finding is
   *[other] { $count } findings are
} not found any more
since-unchecked = Not checked this time: of { $count ->
    [one] { $count } finding
   *[other] { $count } findings
} nobody knows whether it is fixed
since-nothing = Nothing that was found before is gone.
trend = How much was open in each run?
trend-runs = From run to run
trend-gaps = * Something was not checked, or not completely, that other runs checked: what is absent there need not be fixed.
trend-effort = Open effort: { $first ->
    [one] { $first } point
   *[other] { $first } points
} on { $time }, { $now } now.
trend-done = Done, by points: { $first } % then, { $now } % now.
trend-areas = Open findings by area
trend-course = From run to run
since-first = Checked for the first time: { $areas }. What is found there counts as new.
since-fixed-column = fixed
since-unchecked-column = not checked
since-waived = Waived before: { $count ->
    [one] { $count } finding is
   *[other] { $count } findings are
} not found any more
work = To be dealt with
trend-new = new
trend-known = known
decisions-made = Decisions
decisions-made-intro = { $waived ->
    [one] { $waived } finding is waived: it is shown, and counts nowhere.
   *[other] { $waived } findings are waived: they are shown, and count nowhere.
}
decisions-next = The next decision ends on { $day }.
decided-about = About
decided-reason = Reason
decided-until = Until
decided-findings = Findings
sheet-trend = New?
sheet-run = Run
sheet-hours-from = Hours from
sheet-hours-to = Hours to
decided-ticket = Ticket
decided-trouble = To be looked at
verdict-accept = accept
verdict-later = later
verdict-done-by-hand = done by hand
verdict-will-not-migrate = stays behind
verdict-lift = install its release for Magento 2
verdict-rewrite = write anew
verdict-replace = replace
verdict-drop = drop
trouble-expired = its day is over: it counts no more
trouble-ending = its day is near
trouble-overruled = another decision, which stands before it, is about all that it names
trouble-worse = what it waives has become worse since the last run
trouble-unused = nothing of what it names was found: it is fixed, or not written as the report has it
trouble-unknown = its area was not checked as a whole
trouble-broad = it takes everything that the rule finds, now and later
trouble-blocker = a pattern waives no blocker: name it

## Merchants

merchant-intro-verification = Your shop is moving from Magento 1 to Magento 2. Most of it is moved by a program. This sheet lists what that program does not move, or moved wrongly, in plain words.
merchant-intro-assessment = Your shop is going to move from Magento 1 to Magento 2. Most of it will be moved by a program. This sheet lists what that program does not move, in plain words.
merchant-missed = What would be missed today
merchant-missed-intro = If the new shop opened today, this would be wrong or missing. Your agency deals with it, and asks you where it needs you.
merchant-missed-none = Nothing would be missed.
merchant-decide = What needs your decision
merchant-decide-intro = Please tick what is to be done. Whatever is not ticked stays open.
merchant-decide-none = Nothing needs your decision.
merchant-leave = What stays behind, unless you object
merchant-leave-intro = Nobody seems to need this. Tick what you want to keep.
merchant-leave-none = Nothing stays behind.
merchant-unknown = What nobody has looked at yet
merchant-unknown-intro = Of these, nobody knows yet whether anything is missing.
keep = keep
choice-old = as in the old shop
choice-new = as in the new shop
choice-lift = install its version for the new shop
choice-rewrite = have it written anew
choice-replace = use something else
choice-keep = as it is today
choice-without = do without
ask = talk about it
merchant-missed-ahead = What would be missed without work by hand
merchant-missed-ahead-intro = This is what the new shop would be like if the program alone moved it. Your agency deals with it, and asks you where it needs you.
merchant-decided = What was decided
merchant-in-part = in part
merchant-all = All of them:
sign = Signature
sign-intro = I have read this sheet, and decided what is ticked.
sign-name = Name
sign-date = Date
sign-signature = Signature
decision = Decision
decided-by = Decided by
part = Part
kind-attribute = product property
kind-category = category
kind-cms_block = text block
kind-cms_page = page
kind-column = data field
kind-config = setting
kind-consumer = app
kind-design_change = scheduled design
kind-email = e-mail
kind-file = program file
kind-integration = access
kind-module = extension
kind-newsletter = newsletter
kind-product = product
kind-rest-attributes = visible data
kind-rest-role = rights of apps
kind-setting = setting
kind-soap = program
kind-soap-role = rights of programs
kind-store = store view
kind-table = data table
kind-theme = design
kind-token = key
kind-update = design change
kind-widget = building block

## The workbook

sheet-summary = Summary
sheet-finding = Finding
sheet-state = State
sheet-cases = Cases
sheet-fingerprint = Fingerprint
sheet-page = Page
sheet-of = of
sheet-cut = { $count } more: findings.csv has them all

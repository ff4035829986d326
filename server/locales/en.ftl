# Texts of the pages in English. The same keys are in id.ftl.

site-name = Gradien
skip-to-content = Skip to content
main-navigation = Main navigation
problems = Problems
my-submissions = My submissions
settings = Settings
sign-in = Sign in
sign-out = Sign out
sign-up = Sign up
language-id = Bahasa Indonesia
language-en = English
footer = Gradien: a place to practise for AI olympiads.
role-coach = coach
role-admin = admin
back-home = Back to the problems
request-number = Request number:

# Problems
home-title = Problems by chapter
home-lead = Compute by hand or write a program in Python and NumPy, then submit: the result appears at once.
home-empty = No problems are installed yet.
home-total = Your score so far: { $score } of { $max }.
chapter-1 = Chapter 1: Introducing Neural Networks
chapter-2 = Chapter 2: Activation Functions and Non-Linearity
chapter-3 = Chapter 3: Multilayer Perceptrons and Backpropagation
chapter-4 = Chapter 4: How Modern Deep Learning Came About
chapter-5 = Chapter 5: Basic Architectures of Deep Learning
chapter-6 = Chapter 6: Case Studies
chapter-other = Chapter { $n }
section = Section { $section }
kind-answer = by hand
kind-function = program
score-of = { $score } / { $max }
points = { $n ->
    [one] { $n } point
   *[other] { $n } points
}
points-text = { $points } points
not-tried = not tried yet
best-score = your best { $score }
last-score = your last { $score }
scoring-best-subtasks = For each part your best result over all submissions counts.
scoring-max = Your best submission counts.
scoring-last = Your last submission counts, even if an earlier one was better.

# A problem
problem-preparing = The right answers of this problem are still being computed. You may submit: it is judged when they are there.
problem-failed = The right answers of this problem could not be computed, so submissions cannot be judged now. Tell a coach.
samples = Samples
sample-copy = Copy as Python
sample-copied = Copied
sample-use = Use as own input
sample-number = Sample { $n }
sample-of = Sample { $n } ({ $subtask })
inputs = Inputs
expected-result = Right result
how-it-is-judged = How it is judged
rule-function = Function
rule-function-text = { $signature }
rule-tolerance = Tolerance
rule-tolerance-text = A value is accepted if |got − right| ≤ { $atol } + { $rtol } · |right|.
rule-fuel = Step limit
rule-fuel-text = { $n } million steps per case. Steps are counted instructions, not time, so the result is always the same.
rule-memory = Memory limit
rule-memory-text = { $n } MiB for each case
rule-output = Output limit
rule-output-text = { $n } KiB; printed text is not judged
rule-forbidden = Not allowed
rule-forbidden-text = { $names }. This is looked for in the text of the program before it is run.
subtasks = Subtasks
subtask = Subtask
cases = Cases
score = Score
precision = Accepted if it is at most { $deviation } off. Give { $n ->
    [one] { $n } digit
   *[other] { $n } digits
} after the point.
precision-integer = A whole number.
precision-any = Many values are right here; all that work are accepted.
precision-shape = A shape as NumPy writes it, such as (32, 10).
choose-one = Choose one.
choose-any = Choose all that are right; there may be several.
choice-withheld = Told right or wrong, and counted, only when everything else is right too.
trace-step = Step
cell-of-step = { $column } step { $row }
precision-integer-loose = A whole number; accepted if it is at most { $deviation } off.
cell-single = { $field }
cell-column = { $field } column { $column }
cell-row-column = { $field } row { $row } column { $column }
editor-label = Python program
submit = Submit
sign-in-and-submit = Sign in and submit
draft-saving = Saving the draft…
draft-saved = Draft saved.
draft-local = Draft saved in this browser.
draft-failed = The draft is not saved yet; trying again.
draft-restored = Restored from your draft.
draft-newer = This is the newest draft, from another device.
draft-other = Show the other draft
draft-from = From your draft of { $time }.
live-lost = Connection lost; connecting again…
live-failed = Your submission has not arrived. Check the connection and submit again; nothing you typed is lost.
run-heading = Try it first
run-note = Runs the program without judging it: prints, returned values and errors appear here.
run-on = Run on
run-on-samples = the samples
run-on-own = my own input
own-input = Own input
own-input-note = Write Python that assigns every parameter, for example x = np.array([0.5, 1.0]).
run = Run
run-needs-sign-in = Sign in to run the program.
running = Running…
run-failed = The program cannot be run right now. Try again in a moment.
own-submissions = Your submissions to this problem
no-submissions-here = No submissions yet.
all-of-these = All submissions to this problem

# Result of a run
run-sample = Sample { $n }
run-own-case = Your input
returned = Returned values
printed = Printed
printed-to-stderr = Printed to stderr
agrees = agrees with the right result
differs = differs from the right result
run-usage = { $fuel } % of the step limit, { $memory } MiB of memory
value-truncated = Only the first { $n } elements are shown.
value-empty = No elements.
value-result = result

# Verdicts
verdict = Verdict
verdict-ac = Accepted
verdict-wa = Wrong answer
verdict-rte = Run-time error
verdict-ce = Cannot be read
verdict-tle = Step limit exceeded
verdict-wtl = Time limit exceeded
verdict-mle = Memory limit exceeded
verdict-ole = Output limit exceeded
verdict-rv = Rule violation
verdict-je = System error
verdict-sk = Skipped
explain-ac = Every part is right.
explain-wa = Some part is not right yet.
explain-rte = The program stopped with an error.
explain-ce = Python cannot read this program. The attempt does not count.
explain-tle = The program needs more steps than are allowed.
explain-wtl = The program did not finish in the time it was given.
explain-mle = The program needs more memory than is allowed.
explain-ole = The program prints more than is allowed.
explain-rv = The program uses what this problem forbids. It was not run.
explain-je = This is our fault, not yours. The attempt does not count.
explain-sk = This part was not run.
fault-values = The values differ from the right ones.
fault-less-precise = The values are nearly right but less precise than asked. Is something rounded, or computed in float32?
fault-not-finite = Some value is NaN or infinite.
fault-shape = The result has another shape.
fault-number-kind = The numbers are of another kind (dtype).
fault-container = Another number of values is returned.
fault-bad-return = What is returned is no number or array of numbers.
fields = Fields
field = Field
your-answer = Your answer
your-answers = Your answers
cell-right = right
cell-wrong = wrong
cell-carried = right from your earlier value
diagnosis = This looks familiar
diagnosis-places = ({ $places })
cell-empty = empty
cell-withheld = told later
cell-number = column { $n }
cell-place = row { $row } column { $column }
cases-heading = { $subtask }: cases that were run
cases-passed = { $passed } of { $total }
case-number = Case { $n }
case-fuel = { $n } % of the step limit
counterexample = This case is open
your-result = What your program gave
fuel-used = Steps (heaviest case)
fuel-share = { $n } % of the limit
memory-used = Memory (heaviest case)
memory-share = { $used } of { $limit } MiB

# Submissions
submission-title = Submission to { $problem }
submission-of = Submission by { $name }
submitted-at = Submitted
judged-at = Judged
waiting-time = Time until judged
seconds = { $n } s
submission-number = Number
source = Program
judged-by = Judged with
provenance-pack = Problem pack
provenance-guest = Guest Python
provenance-sandbox = Sandbox
provenance-device = Device of the reference
phase-queued = In the queue
phase-judging = Being judged
phase-preparing = Preparing the right answers
phase-running = Running the cases
phase-subtask = A subtask is done
pending-note = This page updates itself. Your submission is safely stored.
progress-cases = { $done } of { $total } cases
problem = Problem
time = Time
all-problems = all problems
all-verdicts = all verdicts
show = Show
no-submissions = No submissions match.
pages = Pages
newer = Newer
older = Older
page-number = Page { $n } of { $total }

# Coaches
status-draft = draft
status-published = published
status-withdrawn = taken back
coach = Coaching
coach-problems = Problems and versions
coach-lead = What is published, what is being written, and how students fare with it.
coach-status = Status
coach-versions = Versions
coach-more = More
coach-drafts = { $n ->
    [one] { $n } draft besides
   *[other] { $n } drafts besides
}
coach-open-problem = Open the problem
version = Version
version-origin = From
origin-shipped = the packs given to the server
origin-uploaded = uploaded by { $name }
state-preparing = right answers are being computed
state-failed = right answers could not be computed
versions-note = An installed version never changes. Submissions keep the version that they were judged by.
publish = Publish
withdraw = Take back
withdraw-note = Only coaches see the problem then. Submissions and results stay.
download = Download
changes = Changes
changes-from = Changes from
changes-to = to
changes-heading = Changes from { $from } to { $to }
changes-none = Both versions have the same files.
changes-lines = { $added } lines added, { $removed } removed
changes-binary = No text: { $before } bytes before, { $after } after
changes-added = added
changes-removed = removed
insight = How students fare
insight-note = Only submissions of students are counted; bars count students, not tries.
insight-attempts = Attempts
insight-rate = Solved
insight-rate-text = { $solved } of { $tried } who tried ({ $percent } %)
insight-time = Time from the first submission to the solving one
insight-attempts-to-solve = Attempts until solved
insight-quartiles = median { $median } (middle half { $lower } to { $upper })
insight-misconceptions = Misconceptions that were recognised
insight-misconception = Misconception
insight-values = Wrong values: { $field }
insight-value = Typed
insight-verdicts = Failed: { $subtask }
insight-students = Students
insight-submissions = Submissions
insight-count = { $students ->
    [one] { $students } student
   *[other] { $students } students
}, { $submissions ->
    [one] { $submissions } submission
   *[other] { $submissions } submissions
}
insight-open = Show { $n }
insight-more = { $n } rarer ones are not shown.
insight-truncated = Only the newest submissions were looked at; there are more.
insight-nobody = No student has tried this problem yet.
duration-seconds = { $n } s
duration-minutes = { $n } min
duration-hours = { $n } h
duration-days = { $n } days
class = Class
class-note = Best scores of every student on what is published. A heading sorts by its column.
class-csv = Download as CSV
class-empty = There are no students yet.
class-student = Student
class-total = Total
class-solved = Solved
class-is-solved = solved

# Accounts
username = User name
username-note = 3 to 32 lower-case letters, digits, dots, underscores or hyphens.
display-name = Name to show
display-name-note = Coaches see it.
password = Password
password-note = At least 8 characters. A short sentence is stronger than a complicated word.
create-account = Create account
no-account-yet = No account yet?
have-account = Have an account already?
sign-up-lead = One account for practice and simulations.
admin-link-heading = Create the first admin account
admin-link-lead = This link works once.
session-over-kept = Your session is over. What you typed is not lost: sign in again and it comes back.
draft-kept = What you typed is back. Check it, then submit.
language = Language
zone = Time zone
zone-wib = WIB, western time (Jakarta)
zone-wita = WITA, central time (Makassar)
zone-wit = WIT, eastern time (Jayapura)
zone-note = All times are shown in this zone.
theme = Appearance
theme-auto = as the device says
theme-light = light
theme-dark = dark
theme-to-dark = Dark
theme-to-light = Light
save = Save
settings-saved = Settings saved.

# Errors
error-bad-request = The request cannot be read
error-bad-request-hint = Go back to the page before and try again.
error-form-expired = This form is too old
error-form-expired-hint = Load the page again and send it once more. What you typed is in the draft.
error-forbidden = This page is not for you
error-forbidden-hint = Sign in with an account that may see it, or go back to the problems.
error-sign-in-required = Sign in to go on
error-sign-in-required-hint = What you typed is not lost: it comes back after you sign in.
error-not-found = There is no such page
error-not-found-hint = The address may be mistyped, or the submission is not yours.
error-too-large = What you sent is too large
error-too-large-hint = A program may have 256 KiB at most.
error-unsupported-media = What was sent is of an unknown type
error-unsupported-media-hint = Use the form on the problem's page.
error-rate-limited = Too many requests
error-rate-limited-hint = Wait a moment and try again. What you typed is not lost.
error-unavailable = The judge is busy
error-unavailable-hint = Try again in a few seconds.
error-grader-absent = No grader is running
error-grader-absent-hint = Tell the admin: programs cannot run until a grader starts. What you typed is not lost.
error-internal = Something went wrong on our side
error-internal-hint = Try again. If it happens again, tell the admin this request number.
error-wrong-credentials = Wrong user name or password
error-wrong-credentials-hint = Mind capitals. Forgot the password? An admin can set a new one.
error-sign-up-closed = Sign-up is closed
error-sign-up-closed-hint = Ask a coach or an admin for an account.
error-username-taken = This user name is taken
error-username-taken-hint = Choose another one.
error-username-invalid = This user name cannot be used
error-username-invalid-hint = Use 3 to 32 lower-case letters, digits, dots, underscores or hyphens, beginning with a letter or digit.
error-display-name-invalid = This name cannot be shown
error-display-name-invalid-hint = Write a name of 1 to 80 characters on one line.
error-password-invalid = This password cannot be used
error-password-invalid-hint = Use 8 to 256 characters.
error-admin-link-invalid = This link no longer works
error-admin-link-invalid-hint = Run gradien user to create an admin account.
error-submission-empty = Nothing is filled in yet
error-submission-empty-hint = Fill in at least one part, then submit.
error-submission-mismatch = What was sent does not fit this problem
error-submission-mismatch-hint = Load the problem's page again and submit once more.
error-pack-unready = This version cannot be used yet
error-pack-unready-hint = Its right answers are still being computed, or could not be; then the report on its upload says why.
error-pack-elsewhere = These files are another problem already
error-pack-elsewhere-hint = The same files are installed under another name. Rename that problem's folder, or change the files.

# Files that are handed in
kind-prediction = predictions
kind-notebook = Jupyter notebook
upload-downloads = Files for this problem:
upload-format = Format
upload-columns = Columns
upload-classes = Labels
upload-metric = Metric
upload-baseline = Worth nothing
upload-best = Worth all points
upload-label-prediction = Your predictions
upload-label-notebook = Your notebook (.ipynb)
upload-limit = At most { $n } KiB.
upload-file = { $name } ({ $n } KiB)
column-id = text that names the row
column-label = a label
column-int = an integer
column-float = a number
column-probability = a probability
metrics = Metrics
metric = Metric
split = Part
value = Value
metric-undefined = not defined
metrics-split-b = Points are for part A. The value on part B is kept and shown later.
explain-ce-file = The file cannot be read as asked. The attempt does not count.
explain-ac-prediction = Your predictions are worth all points.
explain-wa-prediction = Your predictions are not worth all points yet.
rule-notebook = How it runs
rule-notebook-data = It runs again from its first cell with other data in the module “{ $module }”.
rule-notebook-leaves = It leaves
final-choose = Make this my final submission
final-chosen = This is your final submission: its value on part B will count.
final-best = This is your final submission, as it is your best on part A. You can choose another one.
final-other-chosen = You have chosen another submission as your final one.
final-other-best = Your best submission on part A is your final one for now.

# Hints
variant = Variant
variant-number = Variant { $n } of { $total }
variant-note = Every variant is the same task with other numbers. What you typed belongs to the numbers you see now.
variant-new = New variant
hints = Hints
hints-note = Hints are opened one by one. What a hint costs is taken from your best score here, but not from what you reached before you opened it.
hints-note-free = Hints are opened one by one. They cost nothing here.
hint-title = Hint { $n }
hint-title-cost = Hint { $n } (cost { $points } points)
hint-open-free = Open hint { $n } of { $total } (free)
hint-open-cost = Open hint { $n } of { $total } (costs { $points } points)
hints-all-open = All hints are open.
hints-sign-in = Sign in to open hints
hints-used = Hints opened before
hints-used-text = { $n }, for { $points } points

# Where it goes wrong
steps = Where it goes wrong
steps-first-wrong = The first step that is wrong is { $step }. Everything before it stands.
steps-unfinished = Nothing that you filled in is wrong; go on with what is still open.
step = Step
step-right = Right value
step-state = How it stands
step-first-wrong = wrong, and the first
step-unread = not filled in
step-between = in between
steps-of-case = The right computation of this case, step by step
steps-of-case-note = Intermediate values, in their order
difference = Difference, |got − right|
value-abbreviated = Abbreviated; dots stand for what is left out.
line-here = the error is here
attempts-used = { $used } of { $limit } attempts used
attempts-note = Submissions that cannot be read and those that failed by our fault do not count.
attempts-over = All { $limit } attempts are used
error-attempts-used = You have no attempts left
error-attempts-used-hint = What you typed is kept, but this problem takes no more submissions from you.
kind-model = Weights of a network
upload-label-model = Weights of your network (.safetensors)
upload-step = Worth { $n } % of the points
network = The network
network-note = Every tensor of your file must have the name and the shape that stand here, as the state_dict() of an nn.Sequential of these layers has them. The shapes are of one example, without the batch axis.
network-layer = Layer
network-tensors = Tensors
network-input = Input of one example
network-output = Output
network-parameters = Parameters
network-flops = Floating-point operations per example
network-activations = Memory for activations per example
network-cap = { $what }, at most
network-layers = Layers of your network
network-layers-note = TOML with a table [[layers]] for each layer, such as kind = "linear" and out = 16. Names of tensors begin with the layer's number, from 0.
bytes = { $n } bytes
explain-ac-model = Your network is worth all points.
explain-wa-model = Your network is not worth all points yet.
preview = Preview
preview-of = Preview of { $folder }. The page loads anew when a file there changes.
preview-faults = The pack is not in order. Where it does not load, the page shows the last version that did.
preview-waiting = Nothing to show yet
preview-waiting-hint = This page becomes the problem's as soon as the pack loads.
error-preview-link-invalid = This link was used already
error-preview-link-invalid-hint = It works once. Go on in the browser that opened it, or start gradien pack preview again.

# Uploading a pack
upload-pack = Upload a problem pack
upload-lead = One problem's folder as a zip archive. The pack is verified first; one that passes becomes a draft that only coaches see.
upload-replace-lead = The pack that you upload becomes a new version of “{ $title }”. What is published stays so until you publish the new version.
pack-file = Zip file
pack-limit = At most { $n } MiB.
pack-file-note = It holds one folder with problem.toml, as “gradien pack new” makes it.
pack-drop = Or drop a problem's folder, or its archive, here.
pack-folder = Choose a folder
pack-reading = Reading the folder…
pack-unreadable = That folder cannot be read, is empty, or has more than 4,000 files. Choose the problem's folder, with problem.toml in it.
uploads = Uploads
uploads-none = Nothing has been uploaded.
upload-by = Uploaded by
upload-bytes = Size
upload-size = { $n } KiB
upload-unpacking = Being unpacked
upload-unpacking-note = A locked process unpacks the archive.
upload-proving = Being verified
upload-proving-note = Every example is judged and every misconception compared. You may close this page; verifying goes on.
upload-progress = { $done } of { $total }
upload-refused = Refused
upload-refused-note = Nothing was installed. Mend the pack and upload it again.
upload-unproved = Not proved
upload-unproved-note = The pack was read, but verifying it found faults. You may keep it as a draft, to try it; such a draft cannot be published.
upload-installed = A draft now
upload-installed-note = This version is installed. Students see it when it is published.
upload-discarded = Discarded
upload-discarded-note = Its files are removed.
upload-interrupted = Interrupted
upload-interrupted-note = The server stopped while this upload was under way. Its file is still here, so it can be tried again.
upload-failed = Failed
upload-failed-note = This is a fault of ours, not of your pack. Try again; if it comes back, tell an administrator the number { $incident }.
upload-elsewhere = The same files are installed as the problem “{ $slug }”. Upload them as a version of that, or change them.
upload-retry = Try again
upload-keep = Keep as a draft
upload-discard = Discard
upload-changes = Compare with what is published
upload-versions = All versions
upload-replace = Upload a new version
version-try = Try this version
error-pack-too-large = That archive is too large
error-pack-too-large-hint = An archive may have 64 MiB. Take data that is not needed out of the problem's folder.
error-pack-missing = No file was chosen
error-pack-missing-hint = Choose a zip archive with the problem's folder in it.
error-too-many-uploads = Too many uploads are under way
error-too-many-uploads-hint = Wait until one of yours has ended.
error-pack-unproved = This version is not proved
error-pack-unproved-hint = Verifying it found faults, so it cannot be published. Mend the pack and upload it again.

# What verifying a pack found
proof = Verification
proof-proved = Proved: no faults, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
}.
proof-unproved = Not proved: { $faults ->
    [one] 1 fault
   *[other] { $faults } faults
}, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
}.
proof-fault = fault
proof-warning = warning
proof-examples = Example submissions
proof-example = Example
proof-expected = Expected
proof-got = Got
proof-message = Message
proof-differs = differs
proof-matrix = Misconceptions told apart
proof-pairs = Two at once that are found too
proof-matrix-note = How many of { $n } cases tell a misconception from the right answer and from the other misconceptions.
proof-misconception = Misconception
proof-says = Cases
proof-right = from the right one
proof-tolerance = Tolerance from both sides
proof-tolerance-note = Distance from the right answer in multiples of the tolerance: at most 1 for what is right, more than 1 for what is wrong.
proof-value-of = Value
proof-must-be = Must be
proof-must-be-right = accepted
proof-must-be-wrong = refused
proof-deviation = Multiple
proof-junk = Answers that are none
proof-junk-what = What was sent
proof-made-on = Verified on { $device } with the image { $guest }.

# Rejudging
rejudges = Rejudges
rejudge-heading = Rejudge by version { $version }
rejudge-note = Submissions are judged anew after everybody else's. What comes of it counts only when it is applied; the judgements from before are kept.
rejudge-offer = { $n ->
    [one] 1 submission was
   *[other] { $n } submissions were
} judged by another version than the published one.
rejudge-others = Rejudge them
rejudge-all = Rejudge all submissions
rejudge-one = Rejudge this submission
rejudge-by = By version
rejudge-open = open
rejudge-applied = applied
rejudge-discarded = discarded
rejudge-judging = Judging anew
rejudge-progress = { $done } of { $total } submissions judged
rejudge-ready = All are judged. Look at what would change, then apply it or discard it.
rejudge-apply = Apply
rejudge-discard = Discard
rejudge-changes = What changes
rejudge-summary = { $changed } submissions change, { $same } stay the same, { $faults } could not be judged and will not change.
rejudge-refused = { $n ->
    [one] One answer cannot be judged anew: its variant has other numbers in this version. It keeps its verdict.
   *[other] { $n } answers cannot be judged anew: their variants have other numbers in this version. They keep their verdicts.
}
rejudge-other-numbers = cannot be judged anew: variant { $n } of version { $version } has other numbers here
rejudge-submission = Submission
rejudge-before = Before
rejudge-after = After
rejudge-change = Change
rejudge-better = up
rejudge-worse = down
rejudge-same-score = same points
rejudge-left-out = could not be judged; is not applied
rejudge-more = and { $n } more submissions
version-proved = proved
version-unproved = not proved
version-heading = Version { $version }
version-no-proof = This version came with the server and was not verified here.
error-rejudge-open = Another rejudge is open
error-rejudge-open-hint = Apply or discard the open rejudge of this problem first.
error-rejudge-unfinished = The rejudge is not finished
error-rejudge-unfinished-hint = Wait until every submission is judged, or discard it.
problem-tried = You are trying a version that students do not see. What you submit is judged by it and does not count in the class.

# Sealing for a contest
status-sealed = sealed
seal-heading = Seal for a contest
seal-note = The server makes a version whose hidden cases are drawn from a secret, so they differ from those that anybody can read in the pack. The samples on the problem's page stay. The version is verified like any other, and only coaches see it until a contest opens it.
seal-version = From version
seal = Seal
upload-sealed-note = This version is sealed: students do not see it, and it cannot be published for practice.
error-pack-sealed = This version is sealed for a contest
error-pack-sealed-hint = Publish or choose another version; a sealed one is opened by a contest alone.
error-nothing-to-seal = Nothing can be drawn anew
error-nothing-to-seal-hint = Only problems whose hidden cases are drawn can be sealed, and a sealed version is not sealed again.
error-part-opened = Part B is open: it is too late to choose
error-part-opened-hint = The final submission is the one that was chosen before, or the best on part A of those handed in before.
finals = Final submissions
finals-note = The final submission is the one that the student chose, or else the best on part A. Its value on part B counts.
finals-closed = Part B is closed: students see their values on part A alone.
finals-opened = Part B has been open since { $time }. What was handed in after that is practice.
finals-open = Open part B
finals-open-note = Everybody sees the values on part B at once, and final submissions can no longer be chosen. It cannot be undone.
finals-open-sure = Yes, open it for good
finals-empty = Nobody has a final submission yet.
finals-chosen = chosen
finals-best = best on A
finals-part = { $metric } on { $part }
final-counts = This is your final submission: its value on part B counts.
final-other-counts = Part B is open; another submission of yours is the final one, or this one was handed in too late.
final-value = Final: { $metric } { $value } on part B
finals-student = Student
finals-submission = Submission

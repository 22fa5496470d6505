"""Form check (kiểm tra thể thức): is a draft laid out as NĐ 30/2020 Annex I says, as far as a file can tell.

Knows files and the facts it is given (`Expected`), no office. What it finds it shows: each finding has its rule, its
source in the decree, its page and the box of the place. Word documents are converted elsewhere (`docclient.desk.form`);
here their structure is read, and the PDF made of them.
"""

from docclient.form.check import check_form as check_form
from docclient.form.model import Expected as Expected
from docclient.form.model import Finding as Finding
from docclient.form.model import FormReport as FormReport
from docclient.form.model import Severity as Severity
from docclient.form.model import Verdict as Verdict
from docclient.form.rules import RULES as RULES

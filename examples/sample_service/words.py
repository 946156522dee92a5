"""What the sample says, in both languages. A real service would use its own framework's catalogues."""

WORDS = {
    "title": ("خدمة البيانات الجمركية", "Customs declarations"),
    "welcome": ("سجّل الدخول من خلال البوابة لتقديم بيان جمركي.", "Sign in through the portal to submit a declaration."),
    "sign_in": ("الدخول من خلال البوابة", "Sign in through the portal"),
    "sign_out": ("تسجيل الخروج", "Sign out"),
    "person": ("الاسم", "Name"),
    "company": ("الشركة", "Company"),
    "cr_number": ("رقم السجل التجاري", "Commercial registration number"),
    "delegate": ("الشركة المفوَّضة", "By delegation to"),
    "roles": ("الدور", "Role"),
    "submit": ("تقديم بيان", "Submit a declaration"),
    "submitted": ("قُدّم البيان.", "The declaration was submitted."),
    "forbidden": ("دورك في الشركة لا يتيح تقديم البيانات.", "Your role in the company does not allow this."),
    "refused": ("لم تسمح البوابة بالدخول.", "The portal did not let you in."),
    "administrator": ("مدير حساب الشركة", "Company account administrator"),
    "submitter": ("مقدّم الطلبات", "Submitter of requests"),
    "payer": ("مسؤول الدفع", "Payment officer"),
    "viewer": ("مطّلع", "Viewer"),
    "other": ("English", "العربية"),
}


def say(language: str) -> dict[str, str]:
    """Every sentence in `ar` or `en`."""
    return {name: pair[language == "en"] for name, pair in WORDS.items()}

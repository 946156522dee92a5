"""The legal forms of the law on companies (1/2016), and what else is served. Rows are the operator's afterwards."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORMS = (
    ("wll", "شركة ذات مسؤولية محدودة", "Limited liability company (W.L.L.)", "ذ.م.م"),
    ("spc", "شركة الشخص الواحد", "Single person company (S.P.C.)", "ش.ش.و"),
    ("ksc_closed", "شركة مساهمة كويتية مقفلة", "Closed shareholding company (K.S.C.C.)", "ش.م.ك.م"),
    ("ksc_public", "شركة مساهمة كويتية عامة", "Public shareholding company (K.S.C.P.)", "ش.م.ك.ع"),
    ("general_partnership", "شركة التضامن", "General partnership", ""),
    ("limited_partnership", "شركة التوصية البسيطة", "Limited partnership", ""),
    ("partnership_shares", "شركة التوصية بالأسهم", "Partnership limited by shares", ""),
    ("joint_venture", "شركة المحاصة", "Joint venture", ""),
    ("holding", "شركة قابضة", "Holding company", ""),
    ("professional", "شركة مهنية", "Professional company", ""),
    ("non_profit", "شركة غير ربحية", "Non-profit company", ""),
    ("establishment", "مؤسسة فردية", "Individual establishment", ""),
    ("branch_gcc", "فرع شركة خليجية", "Branch of a Gulf company", ""),
    ("branch_foreign", "فرع شركة أجنبية", "Branch of a foreign company", ""),
    ("cooperative", "جمعية تعاونية", "Co-operative society", ""),
    ("government", "جهة حكومية", "Government body", ""),
)
NO_LEGAL_PERSONALITY = {"joint_venture"}  # article 23: for imported data only


def add(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("companies", "LegalForm").objects.bulk_create(
        apps.get_model("companies", "LegalForm")(
            code=code,
            name_ar=arabic,
            name_en=english,
            abbreviation=abbreviation,
            may_register=code not in NO_LEGAL_PERSONALITY,
            position=position,
        )
        for position, (code, arabic, english, abbreviation) in enumerate(FORMS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("companies", "0001_company")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]

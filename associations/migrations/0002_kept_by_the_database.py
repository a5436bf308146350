"""What no constraint of a column can say: a slug is never reused, no affiliation makes a circle."""

from django.db import migrations

from associations.search.operations import RunVendorSQL

SLUG = "associations_association"
FORMER = "associations_formerslug"
AFFILIATION = "associations_affiliation"

# SQLite has no recursion within triggers: circles of up to seven are refused here, longer ones by
# the forms. PostgreSQL refuses all.
LEVELS = range(2, 7)
CLIMB = " ".join(
    f"LEFT JOIN {AFFILIATION} a{n} ON a{n}.association_id = a{n - 1}.parent_id" for n in LEVELS
)
PARENTS = ", ".join(f"a{n}.parent_id" for n in (1, *LEVELS))

CREATE_SQLITE = [
    f"""
    CREATE TRIGGER slug_not_reused_by_new BEFORE INSERT ON {SLUG}
    WHEN EXISTS (SELECT 1 FROM {FORMER} WHERE slug = NEW.slug)
    BEGIN SELECT RAISE(ABORT, 'slug_never_reused'); END
    """,
    f"""
    CREATE TRIGGER slug_not_reused_by_old BEFORE UPDATE OF slug ON {SLUG}
    WHEN NEW.slug <> OLD.slug AND EXISTS (
        SELECT 1 FROM {FORMER} WHERE slug = NEW.slug AND association_id IS NOT NEW.id)
    BEGIN SELECT RAISE(ABORT, 'slug_never_reused'); END
    """,
    f"""
    CREATE TRIGGER slug_kept_when_changed AFTER UPDATE OF slug ON {SLUG}
    WHEN NEW.slug <> OLD.slug
    BEGIN
        DELETE FROM {FORMER} WHERE slug = NEW.slug;
        INSERT INTO {FORMER} (slug, association_id) VALUES (OLD.slug, NEW.id);
    END
    """,
    f"""
    CREATE TRIGGER slug_kept_when_deleted AFTER DELETE ON {SLUG}
    BEGIN INSERT INTO {FORMER} (slug, association_id) VALUES (OLD.slug, NULL); END
    """,
    *(
        f"""
        CREATE TRIGGER no_affiliation_in_a_circle_{event.split()[0].lower()}
        BEFORE {event} ON {AFFILIATION}
        WHEN EXISTS (SELECT 1 FROM {AFFILIATION} a1 {CLIMB}
            WHERE a1.association_id = NEW.parent_id AND NEW.association_id IN ({PARENTS}))
        BEGIN SELECT RAISE(ABORT, 'no_affiliation_in_a_circle'); END
        """
        for event in ("INSERT", "UPDATE OF association_id, parent_id")
    ),
]
DROP_SQLITE = [
    f"DROP TRIGGER {name}"
    for name in (
        "slug_not_reused_by_new",
        "slug_not_reused_by_old",
        "slug_kept_when_changed",
        "slug_kept_when_deleted",
        "no_affiliation_in_a_circle_insert",
        "no_affiliation_in_a_circle_update",
    )
]

CREATE_POSTGRESQL = [
    f"""
    CREATE FUNCTION associations_slug_not_reused() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM {FORMER}
                   WHERE slug = NEW.slug AND association_id IS DISTINCT FROM NEW.id) THEN
            RAISE EXCEPTION 'slug_never_reused' USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER slug_not_reused BEFORE INSERT OR UPDATE OF slug ON {SLUG}
    FOR EACH ROW EXECUTE FUNCTION associations_slug_not_reused()
    """,
    f"""
    CREATE FUNCTION associations_slug_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            INSERT INTO {FORMER} (slug, association_id) VALUES (OLD.slug, NULL);
        ELSIF NEW.slug <> OLD.slug THEN
            DELETE FROM {FORMER} WHERE slug = NEW.slug;
            INSERT INTO {FORMER} (slug, association_id) VALUES (OLD.slug, NEW.id);
        END IF;
        RETURN NULL;
    END $$
    """,
    f"""
    CREATE TRIGGER slug_kept AFTER UPDATE OF slug OR DELETE ON {SLUG}
    FOR EACH ROW EXECUTE FUNCTION associations_slug_kept()
    """,
    f"""
    CREATE FUNCTION associations_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            WITH RECURSIVE above (id) AS (
                SELECT NEW.parent_id
                UNION
                SELECT a.parent_id FROM {AFFILIATION} a JOIN above ON a.association_id = above.id
            )
            SELECT 1 FROM above WHERE id = NEW.association_id
        ) THEN
            RAISE EXCEPTION 'no_affiliation_in_a_circle' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER no_affiliation_in_a_circle
    BEFORE INSERT OR UPDATE OF association_id, parent_id ON {AFFILIATION}
    FOR EACH ROW EXECUTE FUNCTION associations_no_circle()
    """,
]
DROP_POSTGRESQL = [
    f"DROP TRIGGER no_affiliation_in_a_circle ON {AFFILIATION}",
    "DROP FUNCTION associations_no_circle()",
    f"DROP TRIGGER slug_kept ON {SLUG}",
    "DROP FUNCTION associations_slug_kept()",
    f"DROP TRIGGER slug_not_reused ON {SLUG}",
    "DROP FUNCTION associations_slug_not_reused()",
]


class Migration(migrations.Migration):
    dependencies = [("associations", "0001_initial")]

    operations = [
        RunVendorSQL(
            {"sqlite": CREATE_SQLITE, "postgresql": CREATE_POSTGRESQL},
            {"sqlite": DROP_SQLITE, "postgresql": DROP_POSTGRESQL},
        )
    ]

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directory.settings")

application = get_wsgi_application()
# Pages leave hardly anything behind that only a search for circles finds: not after every 700 new
# objects, and not among all that was loaded.
gc.set_threshold(20_000)
gc.freeze()

"""Draw the pictures of the site that other programs show, from its mark: `make pictures`.

`preview.png` stands beside a link to a page (Open Graph), `mark.png` on the screen of a telephone.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parent.parent / "associations/static/associations"
MARK = (STATIC / "mark.svg").read_text(encoding="utf-8")
PREVIEW = """
<style>
  body {{ display: flex; align-items: center; gap: 56px; height: 630px; margin: 0; padding: 0 80px;
    box-sizing: border-box; background: #fc0; color: #14140f; }}
  svg {{ flex: none; width: 320px; }}
  h1 {{ margin: 0; font: 700 64px/1.12 "P052", "Palatino Linotype", Georgia, serif; }}
  p {{ margin: 32px 0 0; font: 30px/1.3 "Noto Sans", "DejaVu Sans", sans-serif; }}
</style>
{mark}
<div>
  <h1>Contact Centre Associations</h1>
  <p lang="it">Associazioni dei contact center</p>
</div>
"""
# A telephone rounds the corners by itself.
ICON = "<style>body {{ margin: 0 }} rect {{ rx: 0 }}</style>{mark}"
FLAGS = ["--no-sandbox", "--disable-lcd-text"]
PICTURES = {"preview.png": (1200, 630, PREVIEW), "mark.png": (180, 180, ICON)}

with sync_playwright() as playwright:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    for name, (width, height, page) in PICTURES.items():
        tab = browser.new_page(viewport={"width": width, "height": height})
        tab.set_content(page.format(mark=MARK))
        tab.screenshot(path=STATIC / name)
    browser.close()

"""Photos of a card: large over the page by keyboard, and a plain link without scripts."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from opencity_issues.actions.take_media import take_photo
from tests.factories import Town

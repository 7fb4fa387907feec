// Everything on the site works without this file. It makes the way out quicker, folds the menu on a
// small screen, and moves the keyboard to an error summary.

import { createAll, ErrorSummary, ServiceNavigation } from "govuk-frontend";
import { ExitAtOnce } from "./exit.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of [ExitAtOnce, ErrorSummary, ServiceNavigation]) {
  createAll(component);
}

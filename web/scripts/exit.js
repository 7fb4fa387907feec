import { ExitThisPage } from "govuk-frontend";

/** The component leaves by following its link, so that "Back" shows our page again; this one replaces the page. */
export class ExitAtOnce extends ExitThisPage {
  exitPage() {
    document.body.classList.add("govuk-exit-this-page-hide-content");
    window.location.replace(this.$button.href);
  }
}

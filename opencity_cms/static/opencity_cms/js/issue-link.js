/* In the admin's editor of texts: a link to an issue, chosen by number, words or from the list. */
(function () {
  "use strict";
  const { draftail, React } = window;

  class IssueSource extends draftail.DocumentModalWorkflowSource {
    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrls.issueChooser,
        urlParams: {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    filterEntityData({ id, url, string }) {
      return { id, url, string };
    }
  }

  const IssueLink = (props) => {
    const { url, string } = props.contentState.getEntity(props.entityKey).getData();
    return React.createElement(draftail.TooltipEntity, { ...props, icon: "#icon-warning", label: string || url || "", url: url || "" });
  };

  draftail.registerPlugin({ type: "ISSUE", source: IssueSource, decorator: IssueLink }, "entityTypes");
})();

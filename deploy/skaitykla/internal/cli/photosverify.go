package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

func (a *app) photosVerify() *cobra.Command {
	request := &mediav1.VerifyPhotosRequest{}
	c := &cobra.Command{
		Use:   "verify",
		Short: "Compare every stored object with its record",
		Long: `Compare every stored object with its record: originals and renditions that are
missing or have other bytes, and, over all sites, objects that belong to nothing.
With --repair renditions are made anew where the original is whole.

The service does it, also when this command is interrupted and over restarts.
The exit code is 1 when something is wrong that was not repaired.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			request.Parent = a.sitesOf()
			found := &mediav1.VerifyPhotosResponse{}
			err := a.operate(c, found, func(ctx context.Context, photos mediav1.MediaServiceClient) (*longrunningpb.Operation, error) {
				return photos.VerifyPhotos(ctx, request)
			})
			if err != nil || a.json {
				return err
			}
			return reportVerified(c.OutOrStdout(), found)
		},
	}
	c.Flags().BoolVar(&request.Repair, "repair", false, "make broken renditions anew")
	return c
}

// reportVerified prints what was found. Its error says that something is wrong.
func reportVerified(out io.Writer, found *mediav1.VerifyPhotosResponse) error {
	left := int64(0)
	for _, p := range found.GetProblems() {
		state := "not repaired"
		switch {
		case p.GetRepaired():
			state = "made anew"
		case p.GetKind() == mediav1.ObjectProblem_KIND_ORPHAN:
			state = "belongs to nothing"
		default:
			left++
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", strings.ToLower(strings.TrimPrefix(p.GetKind().String(), "KIND_")), p.GetObjectKey(), p.GetPhoto(), state)
	}
	if _, err := fmt.Fprintf(out, "%d photos, %d objects, %d MB: %d missing, %d damaged, %d belong to nothing; %d photos repaired\n",
		found.GetPhotoCount(), found.GetObjectCount(), found.GetReadBytes()>>20, found.GetMissingCount(), found.GetDamagedCount(),
		found.GetOrphanCount(), found.GetRepairedCount()); err != nil {
		return err
	}
	if left > 0 {
		return fmt.Errorf("%d objects are missing or damaged; renditions are made anew with --repair, originals must come from a backup", left)
	}
	return nil
}

func (a *app) photosReprocess() *cobra.Command {
	request := &mediav1.ReprocessPhotosRequest{}
	c := &cobra.Command{
		Use:   "reprocess",
		Short: "Make renditions anew with the current settings",
		Long: `Make renditions anew with the current settings, those that are missing or were
given up, or with --force all; after everything else that waits.`,
		Example: `  skaitykla photos reprocess --site biblioteka --filter 'state = FAILED'`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			request.Parent = a.sitesOf()
			redone := &mediav1.ReprocessPhotosResponse{}
			err := a.operate(c, redone, func(ctx context.Context, photos mediav1.MediaServiceClient) (*longrunningpb.Operation, error) {
				return photos.ReprocessPhotos(ctx, request)
			})
			if err != nil || a.json {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d photos looked at, %d made anew, %d failed\n",
				redone.GetPhotoCount(), redone.GetReprocessedCount(), redone.GetFailedCount())
			return err
		},
	}
	c.Flags().StringVar(&request.Filter, "filter", "", "which photos, as in `photos list`")
	c.Flags().BoolVar(&request.Force, "force", false, "also those that have the current settings")
	return c
}

// sitesOf is the site that was chosen, all when none was.
func (a *app) sitesOf() string {
	if a.site == "" {
		return "sites/-"
	}
	return "sites/" + a.site
}

// operate begins an operation, shows how far it is until it ends, and reads its
// result. Interrupted, it leaves the operation going on.
func (a *app) operate(c *cobra.Command, result proto.Message,
	begin func(context.Context, mediav1.MediaServiceClient) (*longrunningpb.Operation, error),
) (err error) {
	suite, err := connect.Open(a.where)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, suite.Close()) }()
	op, err := begin(c.Context(), suite.Photos)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.ErrOrStderr(), "%s goes on also without this command\n", op.GetName())
	to := io.Discard
	if f, ok := c.ErrOrStderr().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		to = f
	}
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(to), progressbar.OptionSetDescription("photos"),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for !op.GetDone() {
		select {
		case <-c.Context().Done():
			return c.Context().Err()
		case <-tick.C:
		}
		if op, err = suite.Photos.GetOperation(c.Context(), &longrunningpb.GetOperationRequest{Name: op.GetName()}); err != nil {
			return err
		}
		p := progressOf(op)
		bar.ChangeMax64(max(p.GetTotalCount(), p.GetDoneCount(), 1))
		_ = bar.Set64(p.GetDoneCount())
	}
	_ = bar.Finish()
	if op.GetError() != nil {
		return fmt.Errorf("%s ended: %s", op.GetName(), op.GetError().GetMessage())
	}
	if err := op.GetResponse().UnmarshalTo(result); err != nil {
		return fmt.Errorf("read the result: %w", err)
	}
	if a.json {
		return printMessage(c.OutOrStdout(), result)
	}
	return nil
}

// progressOf reads how far an operation is.
func progressOf(op *longrunningpb.Operation) *mediav1.OperationProgress {
	message, err := op.GetMetadata().UnmarshalNew()
	if err != nil {
		return nil
	}
	if m, ok := message.(interface {
		GetProgress() *mediav1.OperationProgress
	}); ok {
		return m.GetProgress()
	}
	return nil
}
